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
    /// <returns>A scalar, []. Its gradient is (softmax - one) / n, with the one at the true class.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or the labels are no integers.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        Throw.IfNotClassification("cross-entropy", logits, labels);
        Tensor scores = logits.Detach();
        Tensor isTrueClass = labels.Unsqueeze(1).EqualTo(Tensor.Arange(logits.Shape[1], labels.DType));
        Tensor logProbabilities = scores.LogSoftmax();

        // The largest over a masked row picks the true class without a gather, and leaves -inf where no class is true.
        Tensor loss = -Tensor.Where(isTrueClass, logProbabilities, double.NegativeInfinity).Max(1).Mean();
        return loss.WithGradient("crossentropy", [logits], gradient =>
            [(logProbabilities.Exp() - isTrueClass.To(scores.DType)) * (gradient / logits.Shape[0])]);
    }

    /// <summary>The mean binary cross-entropy, in nats, between truths and the sigmoid of logits, without overflow.</summary>
    /// <param name="logits">Scores, of any shape.</param>
    /// <param name="targets">Probabilities from 0 to 1, of the same shape; truth values and integers are taken as numbers.</param>
    /// <returns>A scalar, []. Its gradient is (sigmoid - target) / n.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets)
    {
        Throw.IfShapesDiffer("binary cross-entropy", logits, targets);
        Tensor scores = logits.Detach();
        Tensor truth = targets.Detach().To(scores.DType);
        Tensor loss = (Tensor.Maximum(scores, 0) - (scores * truth) + (-scores.Abs()).Exp().Log1P()).Mean();
        return loss.WithGradient("binarycrossentropy", [logits], gradient =>
            [(scores.Sigmoid() - truth) * (gradient / logits.Count)]);
    }
}
