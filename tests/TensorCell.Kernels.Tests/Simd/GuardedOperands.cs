using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>
/// The memory of two inputs and two outputs, each between guards of its own. Inputs are zeros; every byte of an output's memory that is not one
/// of its elements' is marked.
/// </summary>
/// <param name="capacity">Bytes between the guards.</param>
internal sealed unsafe class GuardedOperands(int capacity) : IDisposable
{
    /// <summary>The number of the first output's memory.</summary>
    public const int FirstOutput = 2;

    private const byte Untouched = 0xA5;

    private readonly GuardedMemory[] memories = [.. Enumerable.Range(0, 4).Select(_ => new GuardedMemory(capacity))];

    /// <summary>An operand against one of its memory's guards.</summary>
    /// <param name="memory">Which memory: 0 or 1 for an input, 2 or 3 for an output, which may also stand in place of an input.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">The lengths of its dimensions.</param>
    /// <param name="steps">Elements from one to the next along each.</param>
    /// <param name="atEnd">Whether it ends at the second guard, rather than begins at the first.</param>
    public Operand Place(int memory, DType type, long[] shape, long[] steps, bool atEnd)
    {
        var spans = shape.Zip(steps, (length, step) => Math.Max(0, length - 1) * step).ToArray();
        var elements = shape.Contains(0) ? 0 : spans.Sum(Math.Abs) + 1;
        var first = shape.Contains(0) ? 0 : -spans.Where(span => span < 0).Sum();
        var address = memories[memory].Place((int)elements * type.Size, atEnd) + (first * type.Size);
        var operand = new Operand((nint)address, type, [.. steps.Select(step => step * type.Size)]);
        if (memory >= FirstOutput)
        {
            memories[memory].Bytes().Fill(Untouched);
            Fill(operand, shape, 0);
        }

        return operand;
    }

    /// <summary>Fails if a byte outside the outputs' elements was written, or an input.</summary>
    public void CheckUntouched(Operand[] outputs, long[] shape, string context)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            Fill(outputs[i], shape, Untouched);
            Assert.False(memories[FirstOutput + i].Bytes().ContainsAnyExcept(Untouched), $"written beyond output {i}: {context}");
        }

        for (var i = 0; i < FirstOutput; i++)
        {
            Assert.False(memories[i].Bytes().ContainsAnyExcept((byte)0), $"written to input {i}: {context}");
        }
    }

    public void Dispose() => Array.ForEach(memories, memory => memory.Dispose());

    private static void Fill(in Operand operand, long[] shape, byte value)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        for (long flat = 0; flat < count; flat++)
        {
            var rest = flat;
            var address = (byte*)operand.Address;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                address += rest % shape[d] * operand.ByteStrides[d];
                rest /= shape[d];
            }

            new Span<byte>(address, operand.Type.Size).Fill(value);
        }
    }
}
