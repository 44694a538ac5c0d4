using System.Globalization;
using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Learning;

/// <summary>Finds out why a loss is no number.</summary>
internal static class Divergence
{
    /// <summary>The error of a step whose loss or gradients are not finite.</summary>
    /// <param name="trainer">Before the step.</param>
    /// <param name="batch">What it was to learn from.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="gradients">The gradients of the optimizer's parameters.</param>
    public static DivergenceException At(Trainer trainer, Batch batch, double loss, Tensor?[] gradients)
    {
        using TapeScope untracked = Tensor.NoGrad();
        string what = double.IsFinite(loss)
            ? $"the gradient of {NameOfFirst(trainer, gradients)} is not finite, though the loss is {loss.ToString("G4", CultureInfo.InvariantCulture)}"
            : $"the loss became {(double.IsNaN(loss) ? "NaN" : "infinite")}";
        string kept = trainer.StepCount == 0 ? "the parameters it had" : $"the parameters of step {trainer.StepCount}";
        return new DivergenceException(
            $"training: {what} at step {trainer.StepCount + 1} (epoch {trainer.Epoch}, batch {batch.Index} of {trainer.Data.BatchesPerEpoch}). "
            + $"The model keeps {kept}. {Advice(trainer, batch)}");
    }

    private static string Advice(Trainer trainer, Batch batch)
    {
        if (HasNonFinite(batch.Inputs) || HasNonFinite(batch.Targets))
        {
            return "The batch holds NaN or infinite numbers: clean the data first";
        }

        if (trainer.Model.LastOutputShape is { } output && Metrics.AreClassification(output, batch.Targets))
        {
            long least = (long)batch.Targets.Min();
            long greatest = (long)batch.Targets.Max();
            if (least < 0 || greatest >= output[1])
            {
                return $"The batch has labels from {least} to {greatest}, and the model knows the classes 0 to {output[1] - 1}";
            }
        }

        string rate = trainer.Optimizer.LearningRate.ToString("G4", CultureInfo.InvariantCulture);
        return $"Try a learning rate below {rate}, ClipGradientNorm = 1, or inputs scaled to about -1 to 1";
    }

    private static bool HasNonFinite(Tensor tensor) =>
        tensor.DType.IsFloatingPoint && !(bool)tensor.To(DType.Float64).IsFinite().All(); // f16 and bf16 are not computed in

    private static string NameOfFirst(Trainer trainer, Tensor?[] gradients)
    {
        for (int index = 0; index < gradients.Length; index++)
        {
            if (gradients[index] is { } gradient && HasNonFinite(gradient))
            {
                Tensor parameter = trainer.Optimizer.Parameters[index];
                return trainer.Model.NamedParameters().FirstOrDefault(named => ReferenceEquals(named.Tensor, parameter)).Name
                    ?? $"parameter {index}";
            }
        }

        return "a parameter";
    }
}
