using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>What a classifier got right.</summary>
public static class Metrics
{
    /// <summary>The share of rows whose largest logit is that of the true class.</summary>
    /// <param name="logits">Scores, [n, classes].</param>
    /// <param name="labels">The true classes from 0, integers, [n].</param>
    /// <returns>A scalar, [], from 0 to 1.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or the labels are no integers.</exception>
    public static Tensor Accuracy(Tensor logits, Tensor labels)
    {
        Throw.IfNotClassification("accuracy", logits, labels);
        return logits.ArgMax(1).EqualTo(labels).To(DType.Float64).Mean();
    }

    /// <summary>How often each class was taken for each other one.</summary>
    /// <param name="logits">Scores, [n, classes].</param>
    /// <param name="labels">The true classes from 0, integers, [n].</param>
    /// <returns>Counts, [classes, classes]: the row is the true class, the column the predicted one.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, the labels are no integers, or one names no class.</exception>
    public static Tensor ConfusionMatrix(Tensor logits, Tensor labels)
    {
        Throw.IfNotClassification("confusion matrix", logits, labels);
        int classes = logits.Shape[1];
        var counts = new long[classes, classes];
        var predicted = logits.ArgMax(1).ToArray<long>();
        var actual = labels.To(DType.Int64).ToArray<long>();
        for (int row = 0; row < actual.Length; row++)
        {
            if ((ulong)actual[row] >= (ulong)classes)
            {
                Throw.Argument($"confusion matrix: label {actual[row]} in row {row}; with {classes} classes use 0 to {classes - 1}");
            }

            counts[actual[row], predicted[row]]++;
        }

        return Tensor.From(counts);
    }

    /// <summary>Whether outputs of a shape and targets can be logits and labels: [n, classes], and integers, [n].</summary>
    internal static bool AreClassification(Shape logits, Tensor labels) =>
        logits.Rank == 2 && labels.Rank == 1 && logits[0] == labels.Shape[0] && !labels.DType.IsFloatingPoint;
}
