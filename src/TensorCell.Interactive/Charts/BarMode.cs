namespace TensorCell.Interactive;

/// <summary>How bars of several traces share a category.</summary>
public enum BarMode
{
    /// <summary>Side by side.</summary>
    Grouped,

    /// <summary>On top of each other.</summary>
    Stacked,
}
