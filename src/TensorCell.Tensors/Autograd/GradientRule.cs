namespace TensorCell.Tensors.Autograd;

/// <summary>The gradient of one input of an operation, of the input's shape, or null where it is zero everywhere. Who asks converts it to the input's type.</summary>
/// <param name="input">Which input.</param>
/// <param name="gradient">The gradient of the operation's result, of the result's shape and type.</param>
/// <param name="result">The operation's result.</param>
internal delegate Tensor? GradientRule(int input, Tensor gradient, Tensor result);
