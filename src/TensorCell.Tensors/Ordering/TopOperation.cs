using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>The greatest or the least few elements of the lines along the last axis.</summary>
/// <param name="length">How many of each line; at least one.</param>
/// <param name="isGreatest">Whether the greatest.</param>
/// <param name="isSorted">Whether they are in order; else they stay in the order of their places.</param>
/// <param name="gives">What of it is the result.</param>
/// <param name="pair">What the operation of the other result shares with this.</param>
/// <param name="input">The elements, contiguous.</param>
internal sealed class TopOperation(int length, bool isGreatest, bool isSorted, SortResult gives, ResultPair pair, Operand input)
    : OrderOperation("topk", gives, pair, input)
{
    private const int BlockLength = 1 << 16;

    /// <inheritdoc/>
    protected override unsafe void Order<T>(Storage source, Storage? values, Storage? indices)
    {
        if (sizeof(T) == sizeof(ulong))
        {
            Choose<T, KeyAndPlace, WidePlace<T>>(source, values!, indices!);
        }
        else
        {
            Choose<T, ulong, NarrowPlace<T>>(source, values!, indices!);
        }
    }

    private unsafe void Choose<T, TRecord, TRule>(Storage source, Storage values, Storage indices)
        where T : unmanaged
        where TRecord : unmanaged
        where TRule : struct, ISortRecord<T, TRecord>
    {
        Shape shape = Inputs[0].Layout.Shape;
        int whole = shape[-1];
        long lines = shape.Count / whole;
        T* elements = (T*)source.Address + Inputs[0].Layout.Offset;
        T* chosen = (T*)values.Address;
        long* places = (long*)indices.Address;
        ulong flip = SortKey.Flip<T>(isGreatest);

        // Of a long line each block gives its own first; which ones they are depends on neither blocks nor threads.
        int blocks = lines >= 2 * Workers.ThreadCount ? 1 : Math.Clamp(Math.Min(whole / BlockLength, whole / (4 * length)), 1, 4 * Workers.ThreadCount);
        int most = TopBuffer<T, TRecord, TRule>.Capacity(length);
        using CpuBuffer found = CpuBuffer.Allocate((long)blocks * most * 2 * sizeof(TRecord) * Math.Min(lines, Workers.ThreadCount));
        if (blocks == 1)
        {
            Workers.For(checked((int)lines), (line, participant) =>
            {
                TRecord* records = (TRecord*)found.Address + (2L * most * participant);
                SortTarget<T> target = new(elements + ((long)line * whole), chosen + ((long)line * length), places + ((long)line * length), flip);
                TopBuffer<T, TRecord, TRule> buffer = new(records, length);
                buffer.Add(target, 0, whole);
                buffer.Finish();
                TRule.Write(records, 0, length, target);
                Arrange(target);
            });
        }
        else
        {
            for (long line = 0; line < lines; line++)
            {
                SortTarget<T> target = new(elements + (line * whole), chosen + (line * length), places + (line * length), flip);
                TRecord* records = (TRecord*)found.Address;
                Workers.For(blocks, block =>
                {
                    int begin = (int)((long)whole * block / blocks);
                    TopBuffer<T, TRecord, TRule> buffer = new(records + (2L * most * block), length);
                    buffer.Add(target, begin, (int)((long)whole * (block + 1) / blocks));
                    buffer.Finish();
                });
                TopBuffer<T, TRecord, TRule> first = new(records, length, length);
                for (int block = 1; block < blocks; block++)
                {
                    first.Add(records + (2L * most * block), length);
                }

                first.Finish();
                TRule.Write(records, 0, length, target);
                Arrange(target);
            }
        }

        GC.KeepAlive(values);
        GC.KeepAlive(indices);
    }

    private unsafe void Arrange<T>(SortTarget<T> target)
        where T : unmanaged
    {
        if (!isSorted)
        {
            new Span<long>(target.Indices, length).Sort(new Span<T>(target.Values, length));
        }
    }
}
