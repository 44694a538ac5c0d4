using System.Collections.Immutable;

namespace TensorCell.Interactive;

/// <summary>How bars of several traces share a category.</summary>
public enum BarMode
{
    /// <summary>Side by side.</summary>
    Grouped,

    /// <summary>On top of each other.</summary>
    Stacked,
}

/// <summary>One axis of a figure.</summary>
public sealed record ChartAxis
{
    /// <summary>What it measures, written along it.</summary>
    public string? Title { get; init; }

    /// <summary>Whether equal distances are equal ratios; values not above zero are left out.</summary>
    public bool Log { get; init; }

    /// <summary>Where it starts; null fits the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>Where it ends; null fits the data.</summary>
    public double? Maximum { get; init; }

    /// <summary>A unit for the tick labels, with SI prefixes (<c>s</c> gives <c>20 µs</c>); null writes bare numbers.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether values grow towards the origin, as the rows of a matrix do.</summary>
    public bool Reversed { get; init; }
}

/// <summary>A short text at a point of the plot.</summary>
/// <param name="X">Where, in the horizontal axis' values; for category names, the category's number from 0.</param>
/// <param name="Y">Where, in the vertical axis' values; for category names, the category's number from 0.</param>
/// <param name="Text">What it says.</param>
public sealed record ChartAnnotation(double X, double Y, string Text);

/// <summary>A line across the whole plot at one value.</summary>
/// <param name="Value">The value it marks.</param>
/// <param name="Vertical">Whether it marks a value of the horizontal axis.</param>
/// <param name="Label">What it says; null says nothing.</param>
public sealed record ChartMark(double Value, bool Vertical, string? Label);

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
