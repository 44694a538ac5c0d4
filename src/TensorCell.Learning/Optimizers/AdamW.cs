using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): each step first multiplies parameters by 1 - learningRate · weightDecay.</summary>
/// <param name="parameters">What it changes: <c>model.Parameters()</c>.</param>
/// <param name="learningRate">How far a step goes.</param>
/// <param name="beta1">How much of the running mean of gradients stays at a step.</param>
/// <param name="beta2">How much of the running mean of their squares stays at a step.</param>
/// <param name="epsilon">What keeps the divisor from 0.</param>
/// <param name="weightDecay">How strongly parameters are drawn to 0.</param>
public sealed class AdamW(
    IEnumerable<Tensor> parameters,
    double learningRate = 0.001,
    double beta1 = 0.9,
    double beta2 = 0.999,
    double epsilon = 1e-8,
    double weightDecay = 0.01)
    : Adam(parameters, learningRate, beta1, beta2, epsilon, weightDecay)
{
    private protected override bool IsDecayDecoupled => true;
}
