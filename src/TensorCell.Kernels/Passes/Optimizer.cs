using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>The passes that every kernel goes through before code is made for it.</summary>
internal static class Optimizer
{
    /// <summary>Whether a product and a sum are contracted to one rounding: on, except in differential tests.</summary>
    public static bool Contraction { get; set; } = true;

    /// <summary>The same results, computed with less.</summary>
    public static Node[] Optimize(IReadOnlyList<Node> results, bool contraction) => [.. results];
}
