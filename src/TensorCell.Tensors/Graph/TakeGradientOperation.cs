using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Parts added up at given indices along an axis, over zeros: what <see cref="TakeOperation"/> does, turned round.</summary>
/// <param name="axis">The axis of the result that is indexed.</param>
/// <param name="indices">Where along it each part goes, within range.</param>
/// <param name="input">The parts, contiguous.</param>
internal sealed class TakeGradientOperation(int axis, long[] indices, Operand input) : Operation("take gradient", input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target) => target.DType switch
    {
        DType.Float32 => Run<float>(target),
        DType.Float64 => Run<double>(target),
        _ => Throw.NotSupported<Storage>($"{Name}: not defined on {target.DType.Name}; only f32 and f64 have gradients that are added up"),
    };

    private unsafe Storage Run<T>(Value target)
        where T : unmanaged, INumber<T>
    {
        Operand source = Inputs[0];
        Storage from = Realizer.Realize(source.Value);
        Shape shape = target.Layout.Shape;
        Storage to = Storage.Allocate(shape.Count * sizeof(T));
        new Number(0L).Fill(target.DType, to, shape.Count);
        long outer = 1;
        long inner = 1;
        for (int index = 0; index < shape.Rank; index++)
        {
            outer *= index < axis ? shape[index] : 1;
            inner *= index > axis ? shape[index] : 1;
        }

        T* next = (T*)from.Address + source.Layout.Offset;
        T* first = (T*)to.Address;
        for (long block = 0; block < outer; block++)
        {
            foreach (long index in indices)
            {
                T* sums = first + (((block * shape[axis]) + index) * inner);
                Add(sums, next, inner);
                next += inner;
            }

            Interruption.Check();
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);
        return to;
    }

    private static unsafe void Add<T>(T* sums, T* parts, long count)
        where T : unmanaged, INumber<T>
    {
        long done = 0;
        for (; done <= count - Vector<T>.Count; done += Vector<T>.Count)
        {
            (Vector.Load(sums + done) + Vector.Load(parts + done)).Store(sums + done);
        }

        for (; done < count; done++)
        {
            sums[done] += parts[done];
        }
    }
}
