using System.Numerics;

namespace TensorCell.Tensors.Ordering;

/// <summary>Finds the bins of elements where all bins are of one width: half open, but for the last, which has its end.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <param name="address">The elements.</param>
/// <param name="edges">The bounds of the bins, one more than there are bins.</param>
internal sealed unsafe class EvenBins<T>(nint address, double[] edges)
    where T : unmanaged, INumber<T>
{
    private readonly double perUnit = (edges.Length - 1) / (edges[^1] - edges[0]);

    /// <summary>Finds bins.</summary>
    /// <param name="begin">The first element.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="places">Where the bins go; -1 for an element in none.</param>
    public void Fill(long begin, long end, int[] places)
    {
        double first = edges[0];
        double last = edges[^1];
        int bins = edges.Length - 1;
        for (long index = begin; index < end; index++)
        {
            double number = double.CreateTruncating(((T*)address)[index]);
            int bin = -1;
            if (number >= first && number <= last)
            {
                // The quotient may be off by a rounding: the bounds themselves decide.
                bin = Math.Min((int)((number - first) * perUnit), bins - 1);
                bin -= number < edges[bin] ? 1 : 0;
                bin += bin < bins - 1 && number >= edges[bin + 1] ? 1 : 0;
            }

            places[index - begin] = bin;
        }
    }
}
