using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>A grid program as the text of a PTX module with one entry.</summary>
/// <param name="Program">What it was made from, as optimised.</param>
/// <param name="Entry">The entry's name in the text.</param>
/// <param name="Text">The module.</param>
/// <param name="Parameters">What a launch gives, in order.</param>
/// <param name="SharedBytes">Bytes of shared memory that a group takes.</param>
/// <param name="CanFail">Whether an item may record an error.</param>
internal sealed record PtxKernel(
    GridProgram Program, string Entry, string Text, ImmutableArray<PtxParameter> Parameters, int SharedBytes, bool CanFail);
