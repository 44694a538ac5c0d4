using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015), by PyTorch's formulas: m = β₁m + (1 - β₁)g, v = β₂v + (1 - β₂)g², and at step t
/// p = p - learningRate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε).
/// </summary>
public class Adam : Optimizer
{
    private const string First = "exp_avg";
    private const string Second = "exp_avg_sq";

    /// <summary>Adam on parameters.</summary>
    /// <param name="parameters">What it changes: <c>model.Parameters()</c>.</param>
    /// <param name="learningRate">How far a step goes.</param>
    /// <param name="beta1">How much of the running mean of gradients stays at a step.</param>
    /// <param name="beta2">How much of the running mean of their squares stays at a step.</param>
    /// <param name="epsilon">What keeps the divisor from 0.</param>
    /// <param name="weightDecay">The factor of the parameter that is added to its gradient.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public Adam(
        IEnumerable<Tensor> parameters,
        double learningRate = 0.001,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0)
        : base(parameters, learningRate, First, Second)
    {
        Beta1 = Fraction("beta1", beta1);
        Beta2 = Fraction("beta2", beta2);
        Epsilon = NotNegative("epsilon", epsilon);
        WeightDecay = NotNegative("weight decay", weightDecay);
    }

    /// <summary>How much of the running mean of gradients stays at a step.</summary>
    public double Beta1 { get; }

    /// <summary>How much of the running mean of their squares stays at a step.</summary>
    public double Beta2 { get; }

    /// <summary>What keeps the divisor from 0.</summary>
    public double Epsilon { get; }

    /// <summary>How strongly parameters are drawn to 0.</summary>
    public double WeightDecay { get; }

    /// <summary>Whether weight decay acts on the parameter itself instead of through the gradient.</summary>
    private protected virtual bool IsDecayDecoupled => false;

    /// <inheritdoc/>
    protected override void Update(StepUpdate update, int index, Tensor parameter, Tensor gradient, long step)
    {
        Tensor start = parameter;
        if (WeightDecay > 0)
        {
            gradient = IsDecayDecoupled ? gradient : gradient + (WeightDecay * parameter);
            start = IsDecayDecoupled ? parameter * (1 - (LearningRate * WeightDecay)) : parameter;
        }

        Tensor first = (Beta1 * Slot(First, index)) + ((1 - Beta1) * gradient);
        Tensor second = (Beta2 * Slot(Second, index)) + ((1 - Beta2) * gradient * gradient);
        double stepSize = LearningRate / (1 - Math.Pow(Beta1, step));
        double scale = 1 / Math.Sqrt(1 - Math.Pow(Beta2, step));
        update.Assign(Slot(First, index), first);
        update.Assign(Slot(Second, index), second);
        update.Assign(parameter, start - (stepSize * first / ((second.Sqrt() * scale) + Epsilon)));
    }
}
