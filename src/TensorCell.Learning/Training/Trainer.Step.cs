using System.Diagnostics;
using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning;

// What happens in one step.
public sealed partial class Trainer
{
    /// <summary>One step: forwards, backwards and the change of parameters, as one piece that is made whole or not at all.</summary>
    private TrainingStep Learn(Batch batch, long start)
    {
        TimeSpan wait = Stopwatch.GetElapsedTime(start);
        using Interruption.Deferral uninterrupted = Interruption.Defer();
        using TensorScope scope = Tensor.Scope(endsPending: true);
        Tensor loss = Loss(Model[batch.Inputs], batch.Targets);
        if (loss.Count != 1)
        {
            Throw.Argument($"trainer: the loss has shape {loss.Shape}; it must be one number, as by Mean()");
        }

        Tensor?[] gradients = Tensor.GradientsIfAny(loss, parameters);
        double norm = Realize(loss, gradients);
        double value = loss.ToDouble();
        if (!double.IsFinite(value) || !double.IsFinite(norm))
        {
            throw Divergence.At(this, batch, value, gradients);
        }

        // What is left of the graph would count as readers of the parameters, and keep them from being changed where they are.
        scope.EndPending();
        Clip(gradients, norm);
        if (Schedule is not null)
        {
            Optimizer.LearningRate = Schedule(StepCount + 1);
        }

        Optimizer.StepFused(gradients);
        return Advance(batch, value, norm, start, wait);
    }

    /// <summary>Computes the loss and the gradients.</summary>
    /// <returns>The length of all gradients together.</returns>
    private static double Realize(Tensor loss, Tensor?[] gradients)
    {
        Tensor[] given = [.. gradients.OfType<Tensor>()];
        Tensor[] squares = [.. given.Select(gradient => gradient.Square().Sum())];
        Tensor.RealizeAll([loss, .. given, .. squares]);
        return Math.Sqrt(squares.Sum(square => square.ToDouble()));
    }

    private void Clip(Tensor?[] gradients, double norm)
    {
        if (ClipGradientNorm is { } limit && norm > limit)
        {
            for (int index = 0; index < gradients.Length; index++)
            {
                gradients[index] = gradients[index] is { } gradient ? gradient * (limit / norm) : null;
            }
        }
    }

    private TrainingStep Advance(Batch batch, double loss, double norm, long start, TimeSpan wait)
    {
        TrainingStep step = new(
            ++StepCount, Epoch, batch.Index, loss, norm, Optimizer.LearningRate, batch.Count, Stopwatch.GetElapsedTime(start), wait);
        NextBatch = batch.Index + 1;
        if (NextBatch == Data.BatchesPerEpoch)
        {
            NextBatch = 0;
            Epoch++;
        }

        History.Add(step);
        return step;
    }
}
