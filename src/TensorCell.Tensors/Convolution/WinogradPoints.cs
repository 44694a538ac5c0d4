namespace TensorCell.Tensors.Convolution;

/// <summary>
/// The points at which Winograd's algorithm evaluates polynomials: 0, infinity, and two pairs of opposite points that are each other's reciprocals, as
/// Alam, Anderson, Barabasz and Gregg (2022) recommend. The error is a third of that at the usual 0, 1, -1, 2, -2 and infinity, for as many operations.
/// </summary>
internal static class WinogradPoints
{
    /// <summary>One pair is this and its opposite.</summary>
    public const double Inner = 2.0 / 3;

    /// <summary>The other pair.</summary>
    public const double Outer = 1 / Inner;

    /// <summary>The square of one.</summary>
    public const double InnerSquare = Inner * Inner;

    /// <summary>The square of the other.</summary>
    public const double OuterSquare = Outer * Outer;

    /// <summary>One over the product of the differences between an inner point and all others.</summary>
    public const double InnerScale = 1 / (2 * InnerSquare * (InnerSquare - OuterSquare));

    /// <summary>The same for an outer point.</summary>
    public const double OuterScale = 1 / (2 * OuterSquare * (OuterSquare - InnerSquare));
}
