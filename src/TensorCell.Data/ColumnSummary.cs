namespace TensorCell.Data;

/// <summary>What a column holds, in brief.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Missing">Number of rows without a value.</param>
public sealed record ColumnSummary(string Name, ColumnType Type, int Count, int Missing)
{
    /// <summary>The least number, day or moment; null when there is none, and of text.</summary>
    public object? Minimum { get; init; }

    /// <summary>The greatest number, day or moment; null when there is none, and of text.</summary>
    public object? Maximum { get; init; }

    /// <summary>The mean of numbers, or the share of true among booleans; null when there is none, and of everything else.</summary>
    public double? Mean { get; init; }

    /// <summary>
    /// Of numbers, days and moments, how many fall into each of some equally wide bins from <see cref="Minimum"/> to <see cref="Maximum"/>,
    /// infinities apart; of booleans, how many are false and true. Empty of text.
    /// </summary>
    public IReadOnlyList<int> Histogram { get; init; } = [];

    /// <summary>
    /// How many different values there are; null where it would take long to tell: of text that hardly repeats, and of numbers and dates over a
    /// wide range.
    /// </summary>
    public int? Distinct { get; init; }

    /// <summary>The most frequent texts, the first of equally frequent ones first; empty where <see cref="Distinct"/> is null, and of all but text.</summary>
    public IReadOnlyList<ValueCount> MostFrequent { get; init; } = [];
}
