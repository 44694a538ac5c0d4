using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>How far predictions are from the truth, as one number; lazy, so that it fuses with what made the predictions.</summary>
public static class Loss
{
    /// <summary>The mean of the squared differences.</summary>
    /// <param name="prediction">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <returns>A scalar, [].</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor target)
    {
        Throw.IfShapesDiffer("mean squared error", prediction, target);
        return (prediction - target).Square().Mean();
    }

    /// <summary>The mean negative log-likelihood, in nats, of the true classes under the softmax of the logits.</summary>
    /// <param name="logits">Scores, [n, classes].</param>
    /// <param name="labels">The true classes from 0, integers, [n]. One outside the classes has no likelihood: its loss is infinite.</param>
    /// <returns>A scalar, [].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or the labels are no integers.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        Throw.IfNotClassification("cross-entropy", logits, labels);
        var classes = Tensor.Arange(logits.Shape[1], labels.DType);
        var isTrueClass = labels.Unsqueeze(1).EqualTo(classes);

        // The largest over a masked row picks the true class without a gather, and leaves -inf where no class is true.
        var logLikelihood = Tensor.Where(isTrueClass, logits.LogSoftmax(), double.NegativeInfinity).Max(1);
        return -logLikelihood.Mean();
    }
}
