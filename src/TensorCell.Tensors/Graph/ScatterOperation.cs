using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>A copy of a value with elements written, for each index, to the place it names along an axis; in the indices' order.</summary>
/// <param name="axis">The axis.</param>
/// <param name="fold">How what is written meets what is there.</param>
/// <param name="over">What is written over, of the result's shape.</param>
/// <param name="indices">The indices, i64, within range, contiguous; along the other axes no longer than the result.</param>
/// <param name="values">What is written, of the indices' shape.</param>
internal sealed unsafe class ScatterOperation(int axis, Fold fold, Operand over, Operand indices, Operand values)
    : Operation("scatter", over, indices, values)
{
    /// <summary>Lanes that lie side by side are shared out in stretches of at least so many.</summary>
    private const long SmallestWidth = 64;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage to = Elements.Contiguous(Inputs[0]);
        Shape shape = Inputs[1].Layout.Shape;
        if (shape.Count == 0)
        {
            return to;
        }

        Storage picked = Realizer.Realize(Inputs[1].Value);
        Operand source = Inputs[2].Layout.IsContiguous ? Inputs[2] : Packed(Inputs[2]);
        Storage from = Realizer.Realize(source.Value);
        Layout reached = new(shape, target.Layout.Strides, 0);
        Folds.Run(fold, target.DType, new Work
        {
            From = from.Address,
            FromOffset = source.Layout.Offset,
            Picked = (long*)picked.Address + Inputs[1].Layout.Offset,
            To = to.Address,
            Length = shape.Lengths[axis],
            Stride = target.Layout.Strides[axis],
            Outer = new PickedParts(reached.Without([axis]), axis, 0),
        });
        GC.KeepAlive(from);
        GC.KeepAlive(picked);
        GC.KeepAlive(to);
        return to;
    }

    private static Operand Packed(Operand operand)
    {
        Value copy = new(Layout.Of(operand.Layout.Shape), operand.Value.DType, Elements.Contiguous(operand));
        return new Operand(copy, copy.Layout);
    }

    private readonly struct Work : IFoldWork
    {
        public required nint From { get; init; }

        public required long FromOffset { get; init; }

        public required long* Picked { get; init; }

        public required nint To { get; init; }

        public required long Length { get; init; }

        public required long Stride { get; init; }

        public required PickedParts Outer { get; init; }

        public void Run<T, TFold>()
            where T : unmanaged
            where TFold : IFold<T>
        {
            Work work = this;
            PickedParts inner = new(Outer.Inner, Outer.Inner.Shape.Rank, 0);
            long width = inner.OuterCount;
            long part = Outer.OuterCount >= 4L * Workers.ThreadCount ? width : Math.Max(SmallestWidth, width / (4L * Workers.ThreadCount));
            long parts = (width + part - 1) / part;
            Blocks.For(Outer.OuterCount * parts, Length * part * sizeof(T), (block, end) =>
            {
                for (; block < end; block++)
                {
                    long first = block % parts * part;
                    work.Scatter<T, TFold>(block / parts, inner, width, first, Math.Min(part, width - first));
                }
            });
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Scatter<T, TFold>(long outer, PickedParts inner, long width, long first, long count)
            where T : unmanaged
            where TFold : IFold<T>
        {
            long start = (outer * Length * width) + first;
            T* from = (T*)From + FromOffset + start;
            long* picked = Picked + start;
            T* to = (T*)To + Outer.Offset(outer);
            bool isEven = inner.OuterRank <= 1;
            long step = isEven ? inner.Offset(1) : 0;
            long stride = Stride;
            long length = Length;
            if (isEven && count == 1)
            {
                to += first * step;
                for (long row = 0; row < length; row++)
                {
                    TFold.Write(to + (picked[row * width] * stride), from[row * width]);
                }

                return;
            }

            for (long row = 0; row < length; row++)
            {
                for (long index = 0; index < count; index++)
                {
                    long lane = isEven ? (first + index) * step : inner.Offset(first + index);
                    TFold.Write(to + (picked[index] * stride) + lane, from[index]);
                }

                from += width;
                picked += width;
            }
        }
    }
}
