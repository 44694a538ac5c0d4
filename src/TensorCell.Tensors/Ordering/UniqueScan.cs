using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>Finds where groups of equal elements begin among elements in order; one NaN equals another, and -0 equals 0.</summary>
/// <param name="sorted">The elements in order, contiguous.</param>
/// <param name="offset">Where the first is.</param>
/// <param name="count">How many.</param>
internal sealed class UniqueScan(Storage sorted, long offset, int count) : IElementVisitor<int[]>
{
    private const int BlockLength = 1 << 15;

    /// <inheritdoc/>
    public unsafe int[] Visit<T>()
        where T : unmanaged
    {
        T* elements = (T*)sorted.Address + offset;
        int blocks = (count + BlockLength - 1) / BlockLength;
        int[] first = new int[blocks + 1];
        Workers.For(blocks, block => first[block + 1] = Walk(elements, block, null));
        for (int block = 0; block < blocks; block++)
        {
            first[block + 1] += first[block];
        }

        int[] begins = new int[first[blocks]];
        Workers.For(blocks, block =>
        {
            fixed (int* begin = begins)
            {
                Walk(elements, block, begin + first[block]);
            }
        });
        GC.KeepAlive(sorted);
        return begins;
    }

    /// <summary>Counts the groups that begin in a block, or writes where they do.</summary>
    private unsafe int Walk<T>(T* elements, int block, int* begins)
        where T : unmanaged
    {
        int found = 0;
        int begin = block * BlockLength;
        int end = Math.Min(begin + BlockLength, count);
        ulong before = begin == 0 ? ~SortKey.OfEqual(elements[0]) : SortKey.OfEqual(elements[begin - 1]);
        for (int index = begin; index < end; index++)
        {
            ulong key = SortKey.OfEqual(elements[index]);
            if (key != before)
            {
                if (begins is not null)
                {
                    begins[found] = index;
                }

                found++;
            }

            before = key;
        }

        return found;
    }
}
