namespace TensorCell.Kernels.Ir;

/// <summary>A variable outside the function that it reads: a captured local, a field of its object, or a static field.</summary>
/// <param name="Name">The variable's name in the source.</param>
/// <param name="Type">Its type.</param>
/// <param name="Read">Its value now.</param>
public sealed record Capture(string Name, DType Type, Func<Scalar> Read);
