namespace TensorCell.Interactive;

/// <summary>What the positions along an axis are.</summary>
public enum ChartValueKind
{
    /// <summary>Numbers; anything not finite is a gap.</summary>
    Number,

    /// <summary>Names of categories, in order of their first appearance.</summary>
    Text,

    /// <summary>Moments in time.</summary>
    Date,
}
