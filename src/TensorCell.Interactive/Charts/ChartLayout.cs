using System.Collections.Immutable;

namespace TensorCell.Interactive;

/// <summary>Everything about a figure but its data.</summary>
public sealed record ChartLayout
{
    /// <summary>The heading.</summary>
    public string? Title { get; init; }

    /// <summary>The horizontal axis.</summary>
    public ChartAxis X { get; init; } = new();

    /// <summary>The vertical axis.</summary>
    public ChartAxis Y { get; init; } = new();

    /// <summary>Whether the legend shows; null shows it when more than one trace has a name.</summary>
    public bool? Legend { get; init; }

    /// <summary>How bars of several traces share a category.</summary>
    public BarMode Bars { get; init; }

    /// <summary>Width in CSS pixels; the chart shrinks to the space there is.</summary>
    public int Width { get; init; } = 720;

    /// <summary>Height in CSS pixels.</summary>
    public int Height { get; init; } = 400;

    /// <summary>Texts in the plot.</summary>
    public ImmutableList<ChartAnnotation> Annotations { get; init; } = [];

    /// <summary>Lines across the plot.</summary>
    public ImmutableList<ChartMark> Marks { get; init; } = [];
}
