using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>
/// A program run once for each item of an index space of rank 1 to 3, its items in no order: what a <c>[Kernel]</c> method is compiled from.
/// Structured: loops and branches nest; every value is assigned once.
/// </summary>
internal sealed record GridProgram
{
    /// <summary>The name that errors and traces use.</summary>
    public required string Name { get; init; }

    /// <summary>How many axes the index space has, from 1 to 3.</summary>
    public required int Rank { get; init; }

    /// <summary>The views: first those a launch gives, then the captured ones.</summary>
    public required ImmutableArray<ViewOperand> Views { get; init; }

    /// <summary>The types of the uniforms (<see cref="UniformNode"/>): first those a launch gives, then the captured ones.</summary>
    public required ImmutableArray<DType> Uniforms { get; init; }

    /// <summary>The captured numbers, which are the last uniforms and are read again at every launch.</summary>
    public ImmutableArray<Capture> Captures { get; init; } = [];

    /// <summary>The extents of a group along X, Y and Z; empty for a program without groups.</summary>
    public ImmutableArray<int> GroupExtents { get; init; } = [];

    /// <summary>The arrays a group shares.</summary>
    public ImmutableArray<SharedOperand> Shared { get; init; } = [];

    /// <summary>What each item runs.</summary>
    public required Region Body { get; init; }

    /// <summary>The values each item returns, computed at the end of the body; empty if it only stores.</summary>
    public ImmutableArray<Node> Results { get; init; } = [];

    /// <summary>Whether accesses out of range are left unchecked.</summary>
    public bool Unchecked { get; init; }

    /// <summary>Every value that a statement or the caller uses.</summary>
    public IEnumerable<Node> Roots => Body.Descendants().SelectMany(statement => statement.Operands).Concat(Results);

    /// <summary>The textual form.</summary>
    public override string ToString() => GridText.Of(this);
}
