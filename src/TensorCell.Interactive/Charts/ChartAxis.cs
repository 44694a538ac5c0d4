namespace TensorCell.Interactive;

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

    /// <summary>The categories in the order in which they are to stand, those not named here after them; null takes them as they come.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Whether values grow towards the origin, as the rows of a matrix do.</summary>
    public bool Reversed { get; init; }
}
