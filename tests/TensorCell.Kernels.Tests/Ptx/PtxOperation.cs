namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>An instruction that computes a register from others.</summary>
/// <param name="Result">The type of the result.</param>
/// <param name="Sources">The types of the sources.</param>
/// <param name="Apply">The result's bits from those of up to three sources; what is beyond the result's width is dropped.</param>
internal sealed record PtxOperation(PtxType Result, PtxType[] Sources, Func<ulong, ulong, ulong, ulong> Apply);
