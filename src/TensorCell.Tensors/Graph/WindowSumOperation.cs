using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>The sums of windows where they overlap, over zeros: what a view by sliding windows does, turned round.</summary>
/// <param name="axis">The axis that the windows slide along.</param>
/// <param name="step">How far from one to the next.</param>
/// <param name="windows">The windows: their number along the axis, their elements along one more, the last.</param>
internal sealed unsafe class WindowSumOperation(int axis, int step, Operand windows) : Operation("slidingwindow gradient", windows)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        long count = target.Layout.Shape.Count;
        Storage to = Storage.Allocate(count * target.DType.Size);
        new Number(0L).Fill(target.DType, to, count);
        Operand source = Inputs[0];
        if (!source.Layout.IsContiguous)
        {
            Value copy = new(Layout.Of(source.Layout.Shape), target.DType, Elements.Contiguous(source));
            source = new Operand(copy, copy.Layout);
        }

        Storage from = Realizer.Realize(source.Value);
        nint first = from.Address + (nint)(source.Layout.Offset * target.DType.Size);
        if (target.DType == DType.Float32)
        {
            Run<float>(first, to.Address, target.Layout);
        }
        else
        {
            Run<double>(first, to.Address, target.Layout);
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);
        return to;
    }

    private void Run<T>(nint from, nint to, Layout target)
        where T : unmanaged, INumber<T>
    {
        Shape shape = Inputs[0].Layout.Shape;
        long length = shape[-1];
        long windowCount = shape[axis];
        long inner = target.Strides[axis];
        long outer = windowCount == 0 || length == 0 || inner == 0 || target.Shape[axis] == 0 ? 0 : target.Shape.Count / (inner * target.Shape[axis]);
        long reach = target.Shape[axis] * inner;
        Blocks.For(outer * inner, windowCount * length * sizeof(T), (lane, end) =>
        {
            for (; lane < end; lane++)
            {
                T* sums = (T*)to + (lane / inner * reach) + (lane % inner);
                T* windows = (T*)from + (((lane / inner * windowCount * inner) + (lane % inner)) * length);
                Add(windows, inner * length, windowCount, length, sums, inner, step * inner);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(T* windows, long windowStride, long count, long length, T* sums, long stride, long step)
        where T : unmanaged, INumber<T>
    {
        for (long window = 0; window < count; window++)
        {
            long done = 0;
            if (stride == 1)
            {
                for (; done <= length - Vector<T>.Count; done += Vector<T>.Count)
                {
                    (Vector.Load(sums + done) + Vector.Load(windows + done)).Store(sums + done);
                }
            }

            for (; done < length; done++)
            {
                sums[done * stride] += windows[done];
            }

            sums += step;
            windows += windowStride;
        }
    }
}
