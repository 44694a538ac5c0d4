using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>A kernel as vector operations over a number of lanes, each after those it depends on.</summary>
/// <param name="Lanes">Elements per vector, the same for all types.</param>
/// <param name="Instructions">The operations.</param>
/// <param name="Results">The index of the instruction that makes each output.</param>
/// <param name="InputTypes">How each input lies in memory.</param>
/// <param name="OutputTypes">How each output lies in memory.</param>
/// <param name="Uniform">For each instruction, whether it is the same for all elements of a launch.</param>
internal sealed record VectorProgram(
    int Lanes,
    ImmutableArray<Instruction> Instructions,
    ImmutableArray<int> Results,
    ImmutableArray<StorageType> InputTypes,
    ImmutableArray<StorageType> OutputTypes,
    ImmutableArray<bool> Uniform);
