using TensorCell.Kernels;
using TensorCell.Tensors.Graph;
using TensorCell.Tensors.Ordering;

namespace TensorCell.Tensors;

// Which elements there are, how many of them, and where they belong. What follows from the elements in number is computed at once.
public sealed partial class Tensor
{
    /// <summary>The different elements, in order, as a vector; NaN is there once.</summary>
    public Tensor Unique()
    {
        Tensor sorted = Detach().Flatten().Sort().Realize();
        return sorted.Take(From(Begins(sorted)));
    }

    /// <summary>The different elements, how often each is there, and where.</summary>
    public UniqueElements UniqueAll()
    {
        (Tensor sorted, Tensor order) = Detach().Flatten().SortWithIndices();
        RealizeAll(sorted, order);
        int[] begins = Begins(sorted);
        long[] places = order.ToArray<long>();
        long[] inverse = new long[places.Length];
        long[] counts = new long[begins.Length];
        Workers.For((begins.Length + 1023) / 1024, block =>
        {
            for (int group = block * 1024; group < Math.Min(begins.Length, (block + 1) * 1024); group++)
            {
                int end = group + 1 < begins.Length ? begins[group + 1] : places.Length;
                counts[group] = end - begins[group];
                for (int index = begins[group]; index < end; index++)
                {
                    inverse[places[index]] = group;
                }
            }
        });
        Tensor first = From(begins);
        return new UniqueElements(sorted.Take(first), order.Take(first), From(inverse, Shape), From(counts));
    }

    /// <summary>
    /// Where elements would have to be put into this tensor, which is in ascending order, so that it stays so; an i64. A vector is searched for elements of any shape;
    /// the lines along the last axis of other tensors each for their own.
    /// </summary>
    /// <param name="elements">The elements: of any shape, or of this shape but for the last axis.</param>
    /// <param name="right">Whether behind equal elements, else before them.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor SearchSorted(Tensor elements, bool right = false)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (Rank != 1 && (Rank != elements.Rank || Rank == 0 || !Shape.SkipLast(1).SequenceEqual(elements.Shape.SkipLast(1))))
        {
            Throw.Argument($"searchsorted: {Shape} for elements of shape {elements.Shape}: needs a vector in order, or the same leading lengths");
        }

        DType type = Promote("searchsorted", this, elements);
        Tensor sorted = Detach().To(type).Contiguous();
        Tensor wanted = elements.Detach().To(type).Contiguous();
        return Pending(new SearchOperation(right, sorted.As(sorted.Shape), wanted.As(wanted.Shape)), elements.Shape, DType.Int64);
    }

    /// <summary>How often each number from 0 to the greatest element is there, or the sum of the weights of where it is.</summary>
    /// <param name="weights">For each element a weight; null to count.</param>
    /// <param name="minimumLength">At least so many numbers are counted.</param>
    /// <returns>A vector of i64; with weights, of f64.</returns>
    /// <exception cref="ArgumentException">Elements that are no integers, or negative; weights of another shape.</exception>
    public Tensor BinCount(Tensor? weights = null, int minimumLength = 0)
    {
        if (DType.IsFloatingPoint || minimumLength < 0)
        {
            Throw.Argument(minimumLength < 0
                ? $"bincount: {minimumLength} numbers asked for"
                : $"bincount: elements must be integers, found {DType.Name}; use .To(DType.Int64), or Histogram");
        }

        RequireWeights("bincount", weights);
        Tensor numbers = Detach().To(DType.Int64).Contiguous();
        long least = Count == 0 ? 0 : numbers.Min().Item<long>();
        long greatest = Count == 0 ? -1 : numbers.Max().Item<long>();
        if (least < 0 || greatest > (1 << 30))
        {
            Throw.Argument($"bincount: element {(least < 0 ? least : greatest)}; use 0 to 2^30");
        }

        long[] elements = numbers.ToArray<long>();
        return Bins.Of(Count, Math.Max((int)greatest + 1, minimumLength), weights, (begin, end, places) =>
        {
            for (long index = begin; index < end; index++)
            {
                places[index - begin] = (int)elements[index];
            }
        });
    }

    /// <summary>How many elements lie in each of some bins of one width. The last bin includes its end.</summary>
    /// <param name="bins">How many bins.</param>
    /// <param name="range">From the begin of the first to the end of the last; by default from the least to the greatest element.</param>
    /// <param name="weights">For each element what it adds to its bin; null for 1.</param>
    /// <param name="density">Whether counts are divided by their sum and the width of the bins, so that the area below them is 1.</param>
    /// <returns>A vector of i64, of f64 with weights or density; and the bounds of the bins, one more, in the type of the elements or f64.</returns>
    /// <exception cref="ArgumentException">No bins, or a range that is empty or not finite; weights of another shape.</exception>
    public (Tensor Counts, Tensor Edges) Histogram(
        int bins = 10, (double Low, double High)? range = null, Tensor? weights = null, bool density = false)
    {
        RequireWeights("histogram", weights);
        (double low, double high) = range ?? (Count == 0 ? (0, 1) : (Detach().Min().ToDouble(), Detach().Max().ToDouble()));
        if (bins < 1 || !double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            Throw.Argument(bins < 1
                ? $"histogram: {bins} bins asked for; use 1 or more"
                : $"histogram: no bins from {low} to {high}; {(range is null ? "there are elements that are not finite: " : string.Empty)}give a finite range");
        }

        (low, high) = low == high ? (low - 0.5, high + 0.5) : (low, high);
        Tensor edges = Linspace(low, high, bins + 1, DType.IsFloatingPoint ? DType : DType.Float64);
        double[] bounds = edges.To(DType.Float64).ToArray<double>();
        Tensor numbers = Wide(Detach()).Contiguous();
        Storage storage = numbers.Storage;
        nint address = storage.Address + (nint)(numbers.Layout.Offset * numbers.DType.Size);
        Tensor counts = Bins.Of(Count, bins, weights, numbers.DType switch
        {
            DType.Float32 => new EvenBins<float>(address, bounds).Fill,
            DType.Float64 => new EvenBins<double>(address, bounds).Fill,
            DType.Int32 => new EvenBins<int>(address, bounds).Fill,
            _ => new EvenBins<long>(address, bounds).Fill,
        });
        GC.KeepAlive(storage);
        return (density ? counts / counts.Sum().To(DType.Float64) / edges.To(DType.Float64).Diff() : counts, edges);
    }

    /// <summary>How many elements lie in each of the bins between neighbouring bounds. The last bin includes its end.</summary>
    /// <param name="edges">A vector of at least two bounds in ascending order.</param>
    /// <param name="weights">For each element what it adds to its bin; null for 1.</param>
    /// <returns>A vector of i64, with weights of f64.</returns>
    public Tensor Histogram(Tensor edges, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(edges);
        RequireWeights("histogram", weights);
        if (edges.Rank != 1 || edges.Count < 2 || !(edges.Detach().Diff() >= 0).All().Item<bool>())
        {
            Throw.Argument($"histogram: edges of shape {edges.Shape}: needs a vector of at least two bounds in ascending order");
        }

        Tensor numbers = Flatten().Detach();
        Tensor bin = edges.SearchSorted(numbers, right: true) - 1;
        bin = Where(numbers.EqualTo(edges.Detach()[^1]), edges.Shape[0] - 2, bin);
        long[] elements = bin.To(DType.Int64).ToArray<long>();
        return Bins.Of(Count, edges.Shape[0] - 1, weights, (begin, end, places) =>
        {
            for (long index = begin; index < end; index++)
            {
                places[index - begin] = (int)elements[index];
            }
        });
    }

    private void RequireWeights(string name, Tensor? weights)
    {
        if (weights is not null && weights.Shape != Shape)
        {
            Throw.Argument($"{name}: weights of shape {weights.Shape} for elements of shape {Shape}; the shapes must be equal");
        }
    }

    /// <summary>Where groups of equal elements begin in a sorted vector.</summary>
    private static int[] Begins(Tensor sorted) =>
        new UniqueScan(sorted.Storage, sorted.Layout.Offset, checked((int)sorted.Count)).Visit(sorted.DType);
}
