using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Counts elements, or adds up their weights, in bins. Blocks have bins of their own, which are added up in order; how many blocks there are depends
/// on numbers of elements and bins alone, and so do not the sums on threads.
/// </summary>
internal static unsafe class Bins
{
    private const long BlockLength = 1 << 16;
    private const int MostBlocks = 64;

    /// <summary>Counts elements.</summary>
    /// <param name="count">How many elements there are.</param>
    /// <param name="bins">How many bins.</param>
    /// <param name="weights">The weight of each element, or null to count each once.</param>
    /// <param name="fill">Gives the bins of elements from one place up to another; negative for none.</param>
    /// <returns>A vector of i64, or with weights of f64.</returns>
    public static Tensor Of(long count, int bins, Tensor? weights, Action<long, long, int[]> fill)
    {
        if (weights is null)
        {
            return Tensor.From(Add<long>(count, bins, null, fill));
        }

        Tensor numbers = weights.Detach().To(DType.Float64).Contiguous();
        Storage storage = numbers.Storage;
        double[] sums = Add(count, bins, (double*)storage.Address + numbers.Layout.Offset, fill);
        GC.KeepAlive(storage);
        return Tensor.From(sums);
    }

    private static T[] Add<T>(long count, int bins, T* weights, Action<long, long, int[]> fill)
        where T : unmanaged, INumber<T>
    {
        const int chunk = 1 << 11;
        int blocks = (int)Math.Clamp(Math.Min(count / BlockLength, count / Math.Max(bins, 1)), 1, MostBlocks);
        T[][] sums = new T[blocks][];
        Workers.For(blocks, block =>
        {
            T[] own = sums[block] = new T[bins];
            int[] places = new int[chunk];
            long end = count * (block + 1) / blocks;
            for (long begin = count * block / blocks; begin < end; begin += chunk)
            {
                int length = (int)Math.Min(chunk, end - begin);
                fill(begin, begin + length, places);
                for (int index = 0; index < length; index++)
                {
                    int place = places[index];
                    if ((uint)place < (uint)own.Length)
                    {
                        own[place] += weights is null ? T.One : weights[begin + index];
                    }
                }

                Interruption.Check();
            }
        });
        foreach (T[] own in sums[1..])
        {
            for (int bin = 0; bin < bins; bin++)
            {
                sums[0][bin] += own[bin];
            }
        }

        return sums[0];
    }
}
