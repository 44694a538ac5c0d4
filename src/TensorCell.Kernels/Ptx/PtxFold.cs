using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>
/// How the results of the items of a group are folded into one: item with item by shuffles within warps, then warp with warp through shared
/// memory; always in the same order.
/// </summary>
/// <param name="Left">Stand for the results of one item, or of several folded already.</param>
/// <param name="Right">Stand for those of the items after.</param>
/// <param name="Combined">The results of both.</param>
/// <param name="Final">What the group's first item does at the end, with the results of all as <paramref name="Left"/>.</param>
internal sealed record PtxFold(
    ImmutableArray<VariableNode> Left, ImmutableArray<VariableNode> Right, ImmutableArray<Node> Combined, Region Final);
