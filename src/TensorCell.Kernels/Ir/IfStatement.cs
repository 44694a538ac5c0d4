using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>Runs one of two regions, and takes over one value for each result from the one that ran.</summary>
internal sealed class IfStatement(
    Node condition,
    Region then,
    Region otherwise,
    ImmutableArray<VariableNode> results,
    ImmutableArray<Node> thenValues,
    ImmutableArray<Node> elseValues) : Statement
{
    /// <summary>Which of the two: a bool.</summary>
    public Node Condition { get; } = condition;

    /// <summary>What runs where the condition holds.</summary>
    public Region Then { get; } = then;

    /// <summary>What runs where it does not; may be empty.</summary>
    public Region Else { get; } = otherwise;

    /// <summary>The values defined for what follows.</summary>
    public ImmutableArray<VariableNode> Results { get; } = results;

    /// <summary>Their values at the end of <see cref="Then"/>.</summary>
    public ImmutableArray<Node> ThenValues { get; } = thenValues;

    /// <summary>Their values at the end of <see cref="Else"/>.</summary>
    public ImmutableArray<Node> ElseValues { get; } = elseValues;

    /// <inheritdoc/>
    public override IEnumerable<Node> Operands => [Condition, .. ThenValues, .. ElseValues];

    /// <inheritdoc/>
    public override IEnumerable<VariableNode> Definitions => Results;

    /// <inheritdoc/>
    public override IReadOnlyList<Region> Regions => [Then, Else];
}
