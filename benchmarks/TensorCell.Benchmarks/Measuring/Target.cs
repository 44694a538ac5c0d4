using TensorCell.Interactive.Formatting;

namespace TensorCell.Benchmarks;

/// <summary>What TensorCell must reach in a case.</summary>
public abstract record Target
{
    /// <summary>The target as the table says it.</summary>
    public abstract string Text { get; }

    /// <summary>At least so many times the speed of a peer.</summary>
    public static Target AtLeast(double ratio, string peer) => new Speed(ratio, peer);

    /// <summary>At most so many seconds.</summary>
    public static Target Within(double seconds) => new Time(seconds);

    /// <summary>Whether the case reached it; null when the peer is missing.</summary>
    public abstract bool? IsReached(CaseResult result);

    /// <summary>What the case has, in the target's unit.</summary>
    public abstract string Found(CaseResult result);

    private sealed record Speed(double Ratio, string Peer) : Target
    {
        public override string Text => FormattableString.Invariant($">= {Ratio:0.##}x {Peer}");

        public override bool? IsReached(CaseResult result) => result.RatioTo(Peer)?.Median is { } ratio ? ratio >= Ratio : null;

        public override string Found(CaseResult result) => FormattableString.Invariant($"{result.RatioTo(Peer)?.Median:0.000}x");
    }

    private sealed record Time(double Seconds) : Target
    {
        public override string Text => $"< {Quantity.Seconds(Seconds)}";

        public override bool? IsReached(CaseResult result) => result.Of(SystemUnderTest.TensorCell)?.Statistics.Median is { } median
            ? median < Seconds
            : null;

        public override string Found(CaseResult result) => Quantity.Seconds(result.Of(SystemUnderTest.TensorCell)?.Statistics.Median ?? double.NaN);
    }
}
