using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>
/// Stochastic gradient descent, by PyTorch's formulas: d = gradient + weightDecay · p; with momentum, v = momentum · v + d, and d becomes v, or
/// d + momentum · v for Nesterov's (Sutskever et al. 2013); p = p - learningRate · d.
/// </summary>
public sealed class SGD : Optimizer
{
    private const string Velocity = "momentum_buffer";

    /// <summary>Gradient descent on parameters.</summary>
    /// <param name="parameters">What it changes: <c>model.Parameters()</c>.</param>
    /// <param name="learningRate">How far a step goes.</param>
    /// <param name="momentum">How much of the step before goes into a step, from 0 to below 1.</param>
    /// <param name="nesterov">Whether the momentum is Nesterov's.</param>
    /// <param name="weightDecay">The factor of the parameter that is added to its gradient.</param>
    /// <exception cref="ArgumentException">A number is out of range, or Nesterov's momentum is 0.</exception>
    public SGD(IEnumerable<Tensor> parameters, double learningRate = 0.01, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(parameters, learningRate, momentum == 0 ? [] : [Velocity])
    {
        if (nesterov && momentum == 0)
        {
            Throw.Argument("SGD: Nesterov's momentum needs a momentum above 0, such as 0.9");
        }

        Momentum = Fraction("momentum", momentum);
        IsNesterov = nesterov;
        WeightDecay = NotNegative("weight decay", weightDecay);
    }

    /// <summary>How much of the step before goes into a step.</summary>
    public double Momentum { get; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool IsNesterov { get; }

    /// <summary>The factor of the parameter that is added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    protected override void Update(StepUpdate update, int index, Tensor parameter, Tensor gradient, long step)
    {
        Tensor direction = WeightDecay == 0 ? gradient : gradient + (WeightDecay * parameter);
        if (Momentum > 0)
        {
            Tensor velocity = (Momentum * Slot(Velocity, index)) + direction;
            update.Assign(Slot(Velocity, index), velocity);
            direction = IsNesterov ? direction + (Momentum * velocity) : velocity;
        }

        update.Assign(parameter, parameter - (LearningRate * direction));
    }
}
