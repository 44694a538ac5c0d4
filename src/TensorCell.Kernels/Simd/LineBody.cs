namespace TensorCell.Kernels.Simd;

/// <summary>The compiled code for lines.</summary>
internal unsafe delegate void LineBody(LineCall* call);
