using System.Collections.Immutable;

namespace TensorCell.Kernels.Ir;

/// <summary>
/// Runs a region at least once, and again as long as a condition computed at its end holds. A loop that may run no turn stands in an
/// <see cref="IfStatement"/>; a break or an early return is an If around the rest of the body and a flag among the results.
/// </summary>
internal sealed class LoopStatement(
    ImmutableArray<VariableNode> carried,
    ImmutableArray<Node> initial,
    Region body,
    Node repeat,
    ImmutableArray<Node> next,
    ImmutableArray<VariableNode> results,
    ImmutableArray<Node> resultValues) : Statement
{
    /// <summary>Values that change from turn to turn; defined in the body.</summary>
    public ImmutableArray<VariableNode> Carried { get; } = carried;

    /// <summary>Their values in the first turn.</summary>
    public ImmutableArray<Node> Initial { get; } = initial;

    /// <summary>What each turn runs.</summary>
    public Region Body { get; } = body;

    /// <summary>At the end of a turn: whether another follows. A bool.</summary>
    public Node Repeat { get; } = repeat;

    /// <summary>At the end of a turn: the carried values of the next. Not defined where none follows.</summary>
    public ImmutableArray<Node> Next { get; } = next;

    /// <summary>The values defined for what follows the loop.</summary>
    public ImmutableArray<VariableNode> Results { get; } = results;

    /// <summary>Their values, at the end of the last turn.</summary>
    public ImmutableArray<Node> ResultValues { get; } = resultValues;

    /// <inheritdoc/>
    public override IEnumerable<Node> Operands => [.. Initial, Repeat, .. Next, .. ResultValues];

    /// <inheritdoc/>
    public override IEnumerable<VariableNode> Definitions => [.. Carried, .. Results];

    /// <inheritdoc/>
    public override IReadOnlyList<Region> Regions => [Body];
}
