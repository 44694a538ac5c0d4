using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>A copy of a value with elements written, for each index, to the place it names along an axis; in the indices' order.</summary>
/// <param name="axis">The axis.</param>
/// <param name="fold">How what is written meets what is there.</param>
/// <param name="over">What is written over, of the result's shape.</param>
/// <param name="indices">The indices, i64 or i32, within range, contiguous; along the other axes no longer than the result.</param>
/// <param name="values">What is written, of the indices' shape.</param>
internal sealed unsafe class ScatterOperation(int axis, Fold fold, Operand over, Operand indices, Operand values)
    : Operation("scatter", over, indices, values)
{
    /// <summary>Lanes that lie side by side are shared out in stretches of at least so many.</summary>
    private const long SmallestWidth = 64;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Shape shape = Inputs[1].Layout.Shape;
        Shape whole = target.Layout.Shape;

        // Lanes that follow one another are each copied just before it is written to, while it is in the caches.
        bool isCopiedByLane = axis == whole.Rank - 1 && Inputs[0].Layout.IsContiguous && shape.Count > 0
            && shape.Lengths[..axis].SequenceEqual(whole.Lengths[..axis]);
        Storage? over = isCopiedByLane ? Realizer.Realize(Inputs[0].Value) : null;
        Storage to = over is null ? Elements.Contiguous(Inputs[0]) : Storage.Allocate(whole.Count * target.DType.Size);
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
            Picked = picked.Address + (nint)(Inputs[1].Layout.Offset * Inputs[1].Value.DType.Size),
            IsNarrow = Inputs[1].Value.DType == DType.Int32,
            Over = over is null ? 0 : over.Address + (nint)(Inputs[0].Layout.Offset * target.DType.Size),
            LaneLength = whole.Lengths[axis],
            To = to.Address,
            Length = shape.Lengths[axis],
            Stride = target.Layout.Strides[axis],
            Outer = new PickedParts(reached.Without([axis]), axis, 0),
        });
        GC.KeepAlive(over);
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

        public required nint Picked { get; init; }

        public required bool IsNarrow { get; init; }

        /// <summary>Where lanes are copied from, or 0 where they have been.</summary>
        public required nint Over { get; init; }

        /// <summary>Elements of a lane.</summary>
        public required long LaneLength { get; init; }

        public required nint To { get; init; }

        public required long Length { get; init; }

        public required long Stride { get; init; }

        public required PickedParts Outer { get; init; }

        public void Run<T, TFold>()
            where T : unmanaged
            where TFold : IFold<T>
        {
            if (IsNarrow)
            {
                Run<T, TFold, int>();
            }
            else
            {
                Run<T, TFold, long>();
            }
        }

        private void Run<T, TFold, TIndex>()
            where T : unmanaged
            where TFold : IFold<T>
            where TIndex : unmanaged, IBinaryInteger<TIndex>
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
                    work.Scatter<T, TFold, TIndex>(block / parts, inner, width, first, Math.Min(part, width - first));
                }
            });
        }

        /// <summary>Copies a lane by plain vectors: a block copy's stores were measured to delay those to single elements that follow.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Copy<T>(T* from, T* to, long count)
            where T : unmanaged
        {
            long index = 0;
            for (; index <= count - Vector512<T>.Count; index += Vector512<T>.Count)
            {
                Vector512.Load(from + index).Store(to + index);
            }

            for (; index < count; index++)
            {
                to[index] = from[index];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Scatter<T, TFold, TIndex>(long outer, PickedParts inner, long width, long first, long count)
            where T : unmanaged
            where TFold : IFold<T>
            where TIndex : unmanaged, IBinaryInteger<TIndex>
        {
            long start = (outer * Length * width) + first;
            T* from = (T*)From + FromOffset + start;
            TIndex* picked = (TIndex*)Picked + start;
            T* to = (T*)To + Outer.Offset(outer);
            if (Over != 0)
            {
                Copy((T*)Over + (outer * LaneLength), to, LaneLength);
            }

            bool isEven = inner.OuterRank <= 1;
            long step = isEven ? inner.Offset(1) : 0;
            long stride = Stride;
            long length = Length;
            if (width == 1 && stride == 1)
            {
                long row = 0;
                for (; row <= length - 4; row += 4)
                {
                    TFold.Write(to + nint.CreateTruncating(picked[row]), from[row]);
                    TFold.Write(to + nint.CreateTruncating(picked[row + 1]), from[row + 1]);
                    TFold.Write(to + nint.CreateTruncating(picked[row + 2]), from[row + 2]);
                    TFold.Write(to + nint.CreateTruncating(picked[row + 3]), from[row + 3]);
                }

                for (; row < length; row++)
                {
                    TFold.Write(to + nint.CreateTruncating(picked[row]), from[row]);
                }

                return;
            }

            if (isEven && count == 1)
            {
                to += first * step;
                for (long row = 0; row < length; row++)
                {
                    TFold.Write(to + (long.CreateTruncating(picked[row * width]) * stride), from[row * width]);
                }

                return;
            }

            for (long row = 0; row < length; row++)
            {
                for (long index = 0; index < count; index++)
                {
                    long lane = isEven ? (first + index) * step : inner.Offset(first + index);
                    TFold.Write(to + (long.CreateTruncating(picked[index]) * stride) + lane, from[index]);
                }

                from += width;
                picked += width;
            }
        }
    }
}
