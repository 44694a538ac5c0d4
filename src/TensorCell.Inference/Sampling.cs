using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>How the next token is drawn from a model's logits: scaled by temperature, cut to the likeliest, then drawn.</summary>
public sealed class Sampling
{
    private readonly Random random;

    /// <summary>A way of drawing that the seed makes repeatable.</summary>
    public Sampling(int seed = 0) => random = new Random(seed);

    /// <summary>Divides the logits: below 1 sharpens, above 1 flattens; 0 always takes the likeliest token.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draws among this many of the likeliest tokens only; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Draws among the fewest likeliest tokens whose probabilities reach this sum (nucleus sampling, Holtzman et al. 2020).</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Draws one token.</summary>
    /// <param name="logits">Scores, [vocabulary].</param>
    /// <returns>The token's index.</returns>
    /// <exception cref="ArgumentException">The logits are no vector, are empty, or hold no finite score.</exception>
    public int Next(Tensor logits)
    {
        if (logits.Rank != 1 || logits.Count == 0)
        {
            throw new ArgumentException($"sampling: logits of shape {logits.Shape}; use a vector with a score for each token, [vocabulary]");
        }

        double[] scores = logits.To(DType.Float64).ToArray<double>();
        int[] order = [.. Enumerable.Range(0, scores.Length).Where(token => double.IsFinite(scores[token])).OrderByDescending(token => scores[token])];
        if (order.Length == 0)
        {
            throw new ArgumentException($"sampling: none of the {scores.Length} logits is finite");
        }

        if (Temperature <= 0)
        {
            return order[0];
        }

        int kept = TopK > 0 ? Math.Min(TopK, order.Length) : order.Length;
        var weights = new double[kept];
        double total = 0;
        for (int rank = 0; rank < kept; rank++)
        {
            weights[rank] = Math.Exp((scores[order[rank]] - scores[order[0]]) / Temperature);
            total += weights[rank];
        }

        double nucleus = 0;
        int last = 0;
        while (last < kept - 1 && nucleus + weights[last] < TopP * total)
        {
            nucleus += weights[last++];
        }

        nucleus += weights[last];
        double drawn = random.NextDouble() * nucleus;
        int choice = 0;
        while (choice < last && drawn >= weights[choice])
        {
            drawn -= weights[choice++];
        }

        return order[choice];
    }
}
