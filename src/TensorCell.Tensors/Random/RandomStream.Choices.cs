using TensorCell.Kernels;

namespace TensorCell.Tensors;

// Choosing among things that are there.
public sealed partial class RandomStream
{
    private const int DenseChoice = 1 << 16;

    /// <summary>Numbers of categories, each as often as its weight says; an i64 (inverse of the distribution function).</summary>
    /// <param name="weights">[…, categories]: how likely each is, relative to the others; or the logarithms of that.</param>
    /// <param name="count">How many numbers for each line of weights.</param>
    /// <param name="areLogits">Whether the weights are logarithms, as a network's last layer gives.</param>
    /// <returns>[…, count].</returns>
    /// <exception cref="ArgumentException">No categories, negative weights, or weights of a line that are all zero or not finite.</exception>
    public Tensor Categorical(Tensor weights, int count, bool areLogits = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Rank == 0 || weights.Shape[-1] == 0 || count < 0)
        {
            Throw.Argument(count < 0 ? $"categorical: {count} numbers asked for" : $"categorical: weights of shape {weights.Shape}; needs [..., categories]");
        }

        Tensor exact = weights.Detach().To(DType.Float64);
        exact = areLogits ? exact.Softmax() : exact;
        Tensor sums = exact.CumSum(-1).Realize();
        Tensor totals = sums.Slice(-1, ^1..);
        if (!(exact >= 0).All().Item<bool>() || !(totals.IsFinite() & (totals > 0)).All().Item<bool>())
        {
            Throw.Argument($"categorical: weights of shape {weights.Shape} of which some are negative or not finite, or all of a line zero");
        }

        Tensor numbers = Uniform(Shape.Of([.. weights.Shape.SkipLast(1), count]), dtype: DType.Float64) * totals;

        // A product may round up to the total: the last category that is likely at all bounds it.
        return Tensor.Minimum(sums.SearchSorted(numbers, right: true), sums.SearchSorted(totals.Contiguous()));
    }

    /// <summary>Some of the numbers 0 to <paramref name="number"/> - 1; an i64 vector.</summary>
    /// <param name="number">How many numbers there are.</param>
    /// <param name="count">How many are chosen.</param>
    /// <param name="replace">Whether a number may be chosen again.</param>
    /// <param name="weights">How likely each number is, relative to the others; null for equally.</param>
    /// <exception cref="ArgumentException">More are to be chosen than there are, or weights that do not fit.</exception>
    public Tensor Choice(int number, int count, bool replace = true, Tensor? weights = null)
    {
        if (count < 0 || number < 0 || (number == 0 && count > 0) || (!replace && count > number) || (weights is not null && (weights.Rank != 1 || weights.Shape[0] != number)))
        {
            Throw.Argument(weights is not null && (weights.Rank != 1 || weights.Shape[0] != number)
                ? $"choice: weights of shape {weights.Shape} for {number} numbers; needs one for each"
                : $"choice: {count} of {number}{(replace ? string.Empty : ", none twice")}");
        }

        return (replace, weights) switch
        {
            (_, _) when count == 0 => Tensor.Zeros(0, DType.Int64),
            (true, null) => Integers(count, 0, number),
            (true, { } own) => Categorical(own, count),
            (false, null) => number <= DenseChoice || count >= number / 16 ? Permutation(number)[..count] : Sparse(number, count),
            (false, { } own) => Weighted(own, count),
        };
    }

    /// <summary>Some parts of a tensor along an axis; see <see cref="Choice(int, int, bool, Tensor?)"/>.</summary>
    public Tensor Choice(Tensor tensor, int count, bool replace = true, Tensor? weights = null, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        axis = tensor.Shape.Axis("choice", axis);
        return tensor.Take(Choice(tensor.Shape[axis], count, replace, weights), axis);
    }

    /// <summary>The parts of a tensor along an axis in random order; a copy.</summary>
    public Tensor Shuffle(Tensor tensor, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        axis = tensor.Shape.Axis("shuffle", axis);
        return tensor.Take(Permutation(tensor.Shape[axis]), axis);
    }

    /// <summary>Few of many numbers: the beginning of a shuffle, of which only what was exchanged is kept.</summary>
    private Tensor Sparse(int number, int count)
    {
        Dictionary<int, int> exchanged = [];
        long[] chosen = new long[count];
        ulong block = Reserve(count);
        for (int index = 0; index < count; index++)
        {
            (uint high, uint low, _, _) = Philox.Block(block + (ulong)index, 0, Seed);
            int other = index + (int)Math.BigMul(((ulong)high << 32) | low, (ulong)(number - index), out _);
            chosen[index] = exchanged.GetValueOrDefault(other, other);
            exchanged[other] = exchanged.GetValueOrDefault(index, index);
        }

        return Tensor.From(chosen);
    }

    /// <summary>The greatest of logarithms of weights with Gumbel noise are a choice by weights, none twice (Efraimidis and Spirakis 2006).</summary>
    private Tensor Weighted(Tensor weights, int count)
    {
        Tensor exact = weights.Detach().To(DType.Float64);
        if (!((exact >= 0) & exact.IsFinite()).All().Item<bool>() || exact.CountNonZero().Item<long>() < count)
        {
            Throw.Argument($"choice: {count} of {weights.Count} weights, none twice: some are negative or not finite, or too few above 0");
        }

        Tensor arrival = Exponential(weights.Shape, dtype: DType.Float64) / exact;
        return arrival.TopK(count, largest: false).Indices;
    }
}
