using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>An attention of random inputs, and the plain answer: every score in double precision.</summary>
internal sealed record AttentionCase(Sample Query, Sample Key, Sample Value, Sample? Mask, bool IsCausal, double? Scale)
{
    /// <summary>The shape of the result.</summary>
    public int[] Shape => [.. Scores[..^1], Value.Shape[^1]];

    private int[] Scores =>
    [
        .. Reference.Broadcast(Query.Shape[..^3], Key.Shape[..^3], Value.Shape[..^3]), Query.Shape[^3], Query.Shape[^2], Key.Shape[^2],
    ];

    /// <summary>A case with axes of heads.</summary>
    public static AttentionCase Random(Samples samples, DType dtype, DType maskType, (int M, int N, int D, int E) lengths, bool isCausal)
    {
        Random random = samples.Random;
        int[] batch = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, 4))];
        int keyHeads = random.Next(1, 4);
        int heads = keyHeads * random.Next(1, 4);
        (int m, int n, int d, int e) = lengths;
        Sample query = samples.Tensor([.. samples.BroadcastableTo(batch), heads, m, d], dtype, -2, 2);
        Sample key = samples.Tensor([.. samples.BroadcastableTo(batch), keyHeads, n, d], dtype, -2, 2);
        Sample value = samples.Tensor([.. samples.BroadcastableTo(batch), keyHeads, n, e], dtype, -2, 2);
        int[] scores = [.. Reference.Broadcast(query.Shape[..^3], key.Shape[..^3], value.Shape[..^3]), heads, m, n];
        Sample? mask = random.Next(3) == 0
            ? null
            : samples.Tensor(samples.BroadcastableTo(scores), maskType, maskType == DType.Bool ? 0 : -3, maskType == DType.Bool ? 1 : 3);
        return new AttentionCase(query, key, value, mask, isCausal, random.Next(2) == 0 ? null : (random.NextDouble() * 2) - 1);
    }

    /// <summary>What the engine makes of it.</summary>
    public Tensor Compute() => Tensor.Attention(Query.Tensor, Key.Tensor, Value.Tensor, Mask?.Tensor, IsCausal, Scale);

    /// <summary>The plain answer.</summary>
    public double[] Expected()
    {
        int[] scores = Scores;
        int width = Value.Shape[^1];
        double[] result = new double[scores[..^1].Aggregate(1, (count, length) => count * length) * width];
        int row = 0;
        foreach (int[] index in Reference.Indices(scores[..^1]))
        {
            double[] weights = Weights(index, scores);
            int[] keyHead = KeyHead(index);
            for (int element = 0; element < width; element++)
            {
                double sum = 0;
                for (int key = 0; key < weights.Length; key++)
                {
                    sum += weights[key] == 0 ? 0 : weights[key] * Reference.At(Value, [.. keyHead, key, element]);
                }

                result[(row * width) + element] = sum;
            }

            row++;
        }

        return result;
    }

    private int[] KeyHead(int[] index) => [.. index[..^2], index[^2] / (Query.Shape[^3] / Key.Shape[^3])];

    private double[] Weights(int[] index, int[] shape)
    {
        (int queries, int keys) = (shape[^2], shape[^1]);
        double scale = Scale ?? (1 / Math.Sqrt(Math.Max(1, Query.Shape[^1])));
        double[] scores = new double[keys];
        for (int key = 0; key < keys; key++)
        {
            double product = 0;
            for (int element = 0; element < Query.Shape[^1]; element++)
            {
                product += Reference.At(Query, [.. index, element]) * Reference.At(Key, [.. KeyHead(index), key, element]);
            }

            double mask = Mask is null ? 0 : Reference.At(Mask, [.. index, key]);
            scores[key] = IsCausal && key > keys - queries + index[^1] ? double.NegativeInfinity
                : Mask is null || Mask.Tensor.DType != DType.Bool ? (product * scale) + mask
                : mask != 0 ? product * scale
                : double.NegativeInfinity;
        }

        double greatest = scores.Append(double.NegativeInfinity).Max();
        double[] powers = [.. scores.Select(score => double.IsNegativeInfinity(score) ? 0 : Math.Exp(score - greatest))];
        double total = powers.Sum();
        return [.. powers.Select(power => total == 0 ? 0 : power / total)];
    }
}
