using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// One launch of a compiled kernel, ready to run any range of it on any thread. It lives on the stack of the launching thread, which waits
/// until all ranges are done.
/// </summary>
internal unsafe struct ElementwiseLaunch
{
    /// <summary>Elements of a strided operand gathered at a time: a few operands' fit the first-level cache.</summary>
    public const int PackedElements = 1024;

    /// <summary>Rows at least this long are run one by one; shorter ones are gathered to longer runs.</summary>
    private const int LongRow = 512;

    public IterationSpace Space;
    public byte* Constants;
    public byte* Uniforms;
    public byte** Origins;
    public int* Sizes;
    public OperandKind* Kinds;
    public int InputCount;
    public int OperandCount;
    public int Step;
    private bool byRow;
    private int packedCount;

    /// <param name="kernel">What is launched.</param>
    /// <param name="space">Over which elements.</param>
    /// <param name="uniforms">Memory for the table of uniforms, of any alignment, with <see cref="KernelTables.Stride"/> bytes to spare.</param>
    /// <param name="origins">Where each operand begins.</param>
    /// <param name="sizes">Bytes per element of each operand.</param>
    /// <param name="kinds">Memory for how each operand is reached.</param>
    /// <param name="inputCount">How many operands are inputs.</param>
    /// <param name="operandCount">How many there are.</param>
    public ElementwiseLaunch(
        CompiledKernel kernel, IterationSpace space, byte* uniforms, byte** origins, int* sizes, OperandKind* kinds, int inputCount, int operandCount)
    {
        Space = space;
        Constants = kernel.Constants;
        Uniforms = (byte*)(((nuint)uniforms + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        Origins = origins;
        Sizes = sizes;
        Kinds = kinds;
        InputCount = inputCount;
        OperandCount = operandCount;
        Step = kernel.Step;
    }

    /// <summary>How a range reaches an operand's elements.</summary>
    public enum OperandKind : byte
    {
        /// <summary>They follow one another.</summary>
        Contiguous,

        /// <summary>There is one.</summary>
        Broadcast,

        /// <summary>They are gathered, or scattered, through contiguous memory.</summary>
        Packed,
    }

    /// <summary>Decides how each operand is reached, and returns which inputs are broadcast, one bit each.</summary>
    public ulong ChooseAccess()
    {
        byRow = Space.Rank == 1 || Space.InnerLength >= LongRow;
        packedCount = 0;
        ulong broadcast = 0;
        for (var i = 0; i < OperandCount; i++)
        {
            var kind = KindOf(i);
            Kinds[i] = kind;
            packedCount += kind == OperandKind.Packed ? 1 : 0;
            if (kind == OperandKind.Broadcast && i < InputCount)
            {
                broadcast |= 1UL << i;
            }
        }

        return broadcast;
    }

    /// <summary>Whether every output's elements follow one another from an address aligned to whole vectors.</summary>
    public readonly bool CanStream(int lanes)
    {
        if (Space.Rank != 1)
        {
            return false;
        }

        for (var i = InputCount; i < OperandCount; i++)
        {
            var vector = lanes * Sizes[i];
            if (Kinds[i] != OperandKind.Contiguous || Sizes[i] < sizeof(short) || vector < Vector128<byte>.Count || (nuint)Origins[i] % (nuint)vector != 0)
            {
                return false;
            }

            for (var input = 0; input < InputCount; input++)
            {
                if (Origins[input] == Origins[i])
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether the rows of every output follow one another, each from an address aligned to whole vectors.</summary>
    public readonly bool CanStreamRows(int lanes, long rowLength)
    {
        for (var i = InputCount; i < OperandCount; i++)
        {
            var vector = (nuint)(lanes * Sizes[i]);
            if (Kinds[i] != OperandKind.Contiguous || Sizes[i] < sizeof(int) || !byRow || (nuint)Origins[i] % vector != 0
                || (nuint)(rowLength * Sizes[i]) % vector != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes read and written, each element of each operand counted once.</summary>
    public static long Bytes(in ElementwiseLaunch launch)
    {
        long bytes = 0;
        for (var i = 0; i < launch.OperandCount; i++)
        {
            long elements = launch.Sizes[i];
            for (var d = 0; d < launch.Space.Rank; d++)
            {
                elements *= launch.Space.Stride(i, d) == 0 ? 1 : launch.Space.Length(d);
            }

            bytes += elements;
        }

        return bytes;
    }

    /// <summary>Where an input's elements lie from a position on, if they follow one another there; else null.</summary>
    public readonly byte* Direct(int input, long start, long count)
    {
        var together = Space.InnerStride(input) == Sizes[input] && (start % Space.InnerLength) + count <= Space.InnerLength;
        return together ? Origins[input] + Space.Offset(input, start) : null;
    }

    /// <summary>Computes the only output of <paramref name="count"/> elements from a position on, into contiguous memory.</summary>
    public readonly void RunInto(KernelBody body, long start, long count, byte* target)
    {
        // Offsets of the output are those of a contiguous array, whose origin is chosen to bring the first element here.
        var redirected = this;
        var origins = stackalloc byte*[OperandCount];
        for (var i = 0; i < InputCount; i++)
        {
            origins[i] = Origins[i];
        }

        origins[InputCount] = target - (start * Sizes[InputCount]);
        redirected.Origins = origins;
        redirected.Run(body, start, start + count);
    }

    /// <summary>Takes as many vectors at once as go into a row without a rest, where any do: each rest costs as much as several steps.</summary>
    public KernelAccess FitRows(CompiledKernel kernel, KernelAccess access)
    {
        if (!byRow || Space.Rank == 1)
        {
            return access;
        }

        for (var vectors = kernel.UnrollFor(access); vectors > 0; vectors--)
        {
            if (Space.InnerLength % (vectors * kernel.Program.Lanes) == 0)
            {
                Step = vectors * kernel.Program.Lanes;
                return access with { Unroll = vectors };
            }
        }

        return access;
    }

    /// <summary>Computes the elements from <paramref name="start"/> up to <paramref name="end"/>, in the order of the space.</summary>
    [SkipLocalsInit]
    public readonly void Run(KernelBody body, long start, long end)
    {
        var tailBytes = Step * sizeof(long);
        var packedBytes = (PackedElements + Step) * sizeof(long);
        var memory = stackalloc byte[(OperandCount * tailBytes) + (packedCount * packedBytes) + KernelTables.Stride];
        memory = (byte*)(((nuint)memory + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        var packed = memory + (OperandCount * tailBytes);
        var addresses = stackalloc byte*[OperandCount];
        while (start < end)
        {
            var count = end - start;
            count = byRow ? Math.Min(count, Space.InnerLength - (start % Space.InnerLength)) : count;
            count = packedCount > 0 ? Math.Min(count, PackedElements) : count;
            RunRange(body, start, count, addresses, memory, tailBytes, packed, packedBytes);
            start += count;
        }
    }

    // Run for every row, long before the runtime would optimise it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void RunRange(
        KernelBody body, long start, long count, byte** addresses, byte* tails, int tailBytes, byte* packed, int packedBytes)
    {
        for (var i = 0; i < OperandCount; i++)
        {
            if (Kinds[i] == OperandKind.Packed)
            {
                addresses[i] = packed;
                packed += packedBytes;
                if (i < InputCount)
                {
                    Packing.Gather(Space, i, Origins[i], Sizes[i], start, count, addresses[i]);
                }
            }
            else
            {
                addresses[i] = Origins[i] + Space.Offset(i, start);
            }
        }

        var whole = count - (count % Step);
        if (whole > 0)
        {
            body(addresses, Constants, Uniforms, whole);
        }

        if (whole < count)
        {
            RunTail(body, whole, (int)(count - whole), addresses, tails, tailBytes);
        }

        for (var i = InputCount; i < OperandCount; i++)
        {
            if (Kinds[i] == OperandKind.Packed)
            {
                Packing.Scatter(Space, i, Origins[i], Sizes[i], start, count, addresses[i]);
            }
        }
    }

    /// <summary>Computes fewer elements than a step, on copies padded with the last element, which is safe to compute with.</summary>
    private readonly void RunTail(KernelBody body, long whole, int count, byte** addresses, byte* tails, int tailBytes)
    {
        var tailAddresses = stackalloc byte*[OperandCount];
        for (var i = 0; i < OperandCount; i++)
        {
            tailAddresses[i] = tails + (i * tailBytes);
            if (Kinds[i] == OperandKind.Broadcast)
            {
                tailAddresses[i] = addresses[i];
            }
            else if (i < InputCount)
            {
                Pad(addresses[i] + (whole * Sizes[i]), tailAddresses[i], Sizes[i], count, Step);
            }
        }

        body(tailAddresses, Constants, Uniforms, Step);
        for (var i = InputCount; i < OperandCount; i++)
        {
            Unsafe.CopyBlockUnaligned(addresses[i] + (whole * Sizes[i]), tailAddresses[i], (uint)(count * Sizes[i]));
        }
    }

    /// <summary>Copies elements and repeats the last of them up to a length.</summary>
    public static void Pad(byte* source, byte* target, int size, int count, int length)
    {
        Unsafe.CopyBlockUnaligned(target, source, (uint)(count * size));
        switch (size)
        {
            case 1:
                new Span<byte>(target + count, length - count).Fill(target[count - 1]);
                break;
            case 2:
                new Span<short>((short*)target + count, length - count).Fill(((short*)target)[count - 1]);
                break;
            case 4:
                new Span<int>((int*)target + count, length - count).Fill(((int*)target)[count - 1]);
                break;
            default:
                new Span<long>((long*)target + count, length - count).Fill(((long*)target)[count - 1]);
                break;
        }
    }

    private readonly OperandKind KindOf(int operand)
    {
        var stride = Space.InnerStride(operand);
        if (byRow)
        {
            // An output that repeats an address is one element long.
            return stride == Sizes[operand] || (operand >= InputCount && Space.InnerLength == 1) ? OperandKind.Contiguous
                : stride == 0 && operand < InputCount ? OperandKind.Broadcast
                : OperandKind.Packed;
        }

        if (operand >= InputCount)
        {
            return IsContiguousOverall(operand) ? OperandKind.Contiguous : OperandKind.Packed;
        }

        for (var d = 0; d < Space.Rank; d++)
        {
            if (Space.Stride(operand, d) != 0)
            {
                return IsContiguousOverall(operand) ? OperandKind.Contiguous : OperandKind.Packed;
            }
        }

        return OperandKind.Broadcast;
    }

    private readonly bool IsContiguousOverall(int operand)
    {
        long expected = Sizes[operand];
        for (var d = Space.Rank - 1; d >= 0; d--)
        {
            if (Space.Stride(operand, d) != expected)
            {
                return false;
            }

            expected *= Space.Length(d);
        }

        return true;
    }
}
