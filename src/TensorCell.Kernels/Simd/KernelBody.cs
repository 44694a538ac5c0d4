namespace TensorCell.Kernels.Simd;

/// <summary>The compiled loop of a kernel.</summary>
/// <param name="operands">The addresses of the inputs and then the outputs.</param>
/// <param name="constants">The table of constants.</param>
/// <param name="uniforms">The table of uniforms, whose computed part a call with no elements fills in.</param>
/// <param name="count">How many elements: a multiple of the kernel's step, or 0.</param>
internal unsafe delegate void KernelBody(byte** operands, byte* constants, byte* uniforms, long count);
