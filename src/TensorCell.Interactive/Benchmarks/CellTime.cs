using System.Globalization;
using TensorCell.Interactive.Formatting;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>What running a cell once took.</summary>
/// <param name="Wall">By the clock.</param>
/// <param name="Processor">Of all threads together, in user and kernel mode.</param>
/// <param name="AllocatedBytes">Allocated on the managed heap.</param>
/// <param name="Collections">Garbage collections by generation; each counts in its own alone.</param>
public sealed record CellTime(TimeSpan Wall, TimeSpan Processor, long AllocatedBytes, IReadOnlyList<int> Collections)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var load = Wall > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" ({Processor / Wall:0.0} cores)") : "";
        var collected = Collections.Sum() == 0
            ? "no garbage collection"
            : $"garbage collections {string.Join(" / ", Collections)} (generation 0 / 1 / 2)";
        return $"wall {Quantity.Seconds(Wall.TotalSeconds)}, processor {Quantity.Seconds(Processor.TotalSeconds)}{load}, "
            + $"allocated {Quantity.Bytes(AllocatedBytes)}, {collected}";
    }
}
