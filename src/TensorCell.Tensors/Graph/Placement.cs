using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Writes parts to positions along an axis, or along several that are counted together. Parts that go to one position are written in their order,
/// whatever the number of threads: each thread keeps to positions, or to outer indices, of its own.
/// </summary>
/// <param name="place">Where the positions' axes stand among the values' axes.</param>
/// <param name="fold">How what is written meets what is there.</param>
/// <param name="values">What is written: [outer…, positions…, inner…].</param>
/// <param name="positions">The positions, i64, within range, contiguous.</param>
internal sealed unsafe class Placement(int place, Fold fold, Operand values, Operand positions)
{
    /// <summary>Positions looked through at a time.</summary>
    private const int Chunk = 1024;

    /// <summary>Writes them.</summary>
    /// <param name="target">What is written to; it does not overlap the values.</param>
    /// <param name="layout">How it lies, without the axes that positions count along.</param>
    /// <param name="stride">Elements from one position to the next in it.</param>
    public void Run(Storage target, Layout layout, long stride)
    {
        if (values.Layout.Shape.Count == 0)
        {
            return;
        }

        Operand source = Together(values);
        Storage from = Realizer.Realize(source.Value);
        Storage indices = Realizer.Realize(positions.Value);
        Layout merged = Positions(source.Layout).Merged();
        Folds.Run(fold, source.Value.DType, new Work
        {
            From = from.Address,
            Positions = (long*)indices.Address + positions.Layout.Offset,
            To = target.Address,
            Count = positions.Layout.Shape.Count,
            Source = new PickedParts(Others(source.Layout), place, merged.Strides is [long step] ? step : 0),
            Target = new PickedParts(layout, place, stride),
        });
        GC.KeepAlive(from);
        GC.KeepAlive(indices);
        GC.KeepAlive(target);
    }

    /// <summary>The values if they step evenly from position to position, else a copy of them that does.</summary>
    private Operand Together(Operand given)
    {
        if (Positions(given.Layout).Merged().Shape.Rank <= 1)
        {
            return given;
        }

        Storage copy = Elements.Contiguous(given);
        Value value = new(Layout.Of(given.Layout.Shape), given.Value.DType, copy);
        return new Operand(value, value.Layout);
    }

    private Layout Positions(Layout layout)
    {
        int end = place + positions.Layout.Shape.Rank;
        return new Layout(Shape.Adopt(layout.Shape.Lengths[place..end].ToArray()), layout.Strides[place..end], 0);
    }

    private Layout Others(Layout layout)
    {
        int end = place + positions.Layout.Shape.Rank;
        ReadOnlySpan<int> lengths = layout.Shape.Lengths;
        return new Layout(
            Shape.Adopt([.. lengths[..place], .. lengths[end..]]), [.. layout.Strides[..place], .. layout.Strides[end..]], layout.Offset);
    }

    private readonly struct Work : IFoldWork
    {
        public required nint From { get; init; }

        public required long* Positions { get; init; }

        public required nint To { get; init; }

        public required long Count { get; init; }

        public required PickedParts Source { get; init; }

        public required PickedParts Target { get; init; }

        public void Run<T, TFold>()
            where T : unmanaged
            where TFold : IFold<T>
        {
            Work work = this;
            CopySpace part = new(Source.Inner, Target.Inner);
            long outer = Target.OuterCount;
            long bytes = Count * part.Count * sizeof(T);
            int threads = Workers.ThreadCount;
            if (outer >= 4 * threads || threads == 1 || outer * bytes <= Blocks.WorthSharing)
            {
                Blocks.For(outer, bytes, (first, end) => work.Write<T, TFold>(part, first, end, null));
                return;
            }

            PositionRange[] ranges = PositionRange.Split(Positions, Count, threads);
            Workers.For(ranges.Length, block => work.Write<T, TFold>(part, 0, outer, ranges[block]));
        }

        /// <summary>Writes at some outer indices, and there to all positions or to those of a range.</summary>
        [SkipLocalsInit]
        private void Write<T, TFold>(CopySpace part, long first, long end, PositionRange? range)
            where T : unmanaged
            where TFold : IFold<T>
        {
            int* chosen = stackalloc int[Chunk];
            bool isStreamed = StridedCopy.IsStreamed(Target.OuterCount * Count * part.Count * sizeof(T));
            T* from = (T*)From + part.FromOffset;
            T* to = (T*)To + part.ToOffset;
            for (long outer = first; outer < end; outer++)
            {
                T* input = from + Source.Offset(outer);
                T* output = to + Target.Offset(outer);
                for (long done = 0; done < Count; done += Chunk)
                {
                    int length = (int)Math.Min(Chunk, Count - done);
                    int found = PositionRange.Choose(range, Positions + done, length, chosen);
                    T* values = input + (done * Source.Stride);
                    if (part.Count == 1)
                    {
                        WriteElements<T, TFold>(values, Source.Stride, output, Target.Stride, Positions + done, chosen, found);
                    }
                    else
                    {
                        WriteParts<T, TFold>(values, Source.Stride, output, Target.Stride, Positions + done, chosen, found, part, isStreamed);
                    }
                }

                Interruption.Check();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void WriteElements<T, TFold>(T* from, long fromStride, T* to, long toStride, long* positions, int* chosen, int count)
            where T : unmanaged
            where TFold : IFold<T>
        {
            for (int index = 0; index < count; index++)
            {
                long picked = chosen[index];
                TFold.Write(to + (positions[picked] * toStride), from[picked * fromStride]);
            }
        }

        private static void WriteParts<T, TFold>(
            T* from, long fromStride, T* to, long toStride, long* positions, int* chosen, int count, CopySpace part, bool isStreamed)
            where T : unmanaged
            where TFold : IFold<T>
        {
            for (int index = 0; index < count; index++)
            {
                long picked = chosen[index];
                FoldRow.Run<T, TFold>(from + (picked * fromStride), to + (positions[picked] * toStride), part, isStreamed);
            }
        }
    }
}
