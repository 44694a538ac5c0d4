namespace TensorCell.Interactive;

/// <summary>One axis of a static chart: which values it spans and where they lie in pixels.</summary>
internal sealed class SvgAxis
{
    private const double Greatest = 1e300;
    private readonly Dictionary<string, int> places = [];
    private readonly List<string> categories = [];
    private readonly ChartAxis axis;
    private readonly ChartValueKind kind;
    private double low = double.PositiveInfinity;
    private double high = double.NegativeInfinity;

    public SvgAxis(ChartAxis axis, ChartValueKind kind)
    {
        this.axis = axis;
        this.kind = kind;
        Log = axis.Log && kind == ChartValueKind.Number;
        foreach (var category in IsCategorical ? axis.Categories ?? [] : [])
        {
            PlaceOf(category);
        }
    }

    /// <summary>Whether it is logarithmic.</summary>
    public bool Log { get; }

    /// <summary>Whether it names categories.</summary>
    public bool IsCategorical => kind == ChartValueKind.Text;

    /// <summary>The pixel of its low end.</summary>
    public double Start { get; private set; }

    /// <summary>The pixel of its high end.</summary>
    public double End { get; private set; }

    /// <summary>The pixel that lengths start from: zero where it is in sight.</summary>
    public double Base => Log ? Start : Map(Math.Clamp(0, low, high));

    /// <summary>Where a value of a trace lies in the axis' own terms; NaN where it cannot.</summary>
    public double Place(ChartValues values, int index)
    {
        if (kind != ChartValueKind.Text)
        {
            return values.Kind == ChartValueKind.Text ? double.NaN : values.Numbers[index];
        }

        return PlaceOf(values.Text(index));
    }

    /// <summary>Where a category lies, which is made known if it is new.</summary>
    public double PlaceOf(string category)
    {
        if (!places.TryGetValue(category, out var place))
        {
            place = categories.Count;
            places[category] = place;
            categories.Add(category);
        }

        return place;
    }

    /// <summary>Makes room for a value.</summary>
    public void Include(double value)
    {
        if (!double.IsFinite(value) || (Log && value <= 0))
        {
            return;
        }

        value = Math.Clamp(value, -Greatest, Greatest);
        low = Math.Min(low, value);
        high = Math.Max(high, value);
    }

    /// <summary>Settles the span once all values are included.</summary>
    /// <param name="padding">The share of the span left free at both ends.</param>
    /// <param name="fromZero">Whether zero ends the span without free space.</param>
    public void Settle(double padding, bool fromZero)
    {
        if (IsCategorical)
        {
            low = -0.5;
            high = Math.Max(categories.Count, 1) - 0.5;
            return;
        }

        if (fromZero && !Log)
        {
            Include(0);
        }

        if (low > high)
        {
            (low, high) = Log ? (1, 10) : (0, 1);
        }

        if (Log)
        {
            low = Math.Log10(low);
            high = Math.Log10(high);
        }

        var (first, last) = (low, high);
        var free = high > low ? (high - low) * padding : Log ? 0.5 : Math.Max(Math.Abs(low) * 0.1, 1e-12) is var near && low == 0 ? 0.5 : near;
        low = fromZero && !Log && first >= 0 && first < last ? first : first - free;
        high = fromZero && !Log && last <= 0 && first < last ? last : last + free;
        Override();
    }

    /// <summary>Lays the axis over pixels.</summary>
    public void Lay(double start, double end) => (Start, End) = axis.Reversed ? (end, start) : (start, end);

    /// <summary>The pixel of a value; NaN where the axis has no place for it.</summary>
    public double Map(double value)
    {
        var position = Log ? (value > 0 ? Math.Log10(value) : double.NaN) : Math.Clamp(value, -Greatest, Greatest);
        return Start + ((position - low) / (high - low) * (End - Start));
    }

    /// <summary>Pixels per unit, for an axis that is not logarithmic.</summary>
    public double Scale => Math.Abs(End - Start) / (high - low);

    /// <summary>Whether a value lies within the span.</summary>
    public bool Shows(double value)
    {
        var position = Log ? (value > 0 ? Math.Log10(value) : double.NaN) : value;
        var slack = (high - low) * 1e-6;
        return position >= low - slack && position <= high + slack;
    }

    /// <summary>About the wanted number of labelled places.</summary>
    public List<Tick> Ticks(int wanted)
    {
        if (IsCategorical)
        {
            var stride = Math.Max(1, (int)Math.Ceiling(categories.Count / 60.0));
            return [.. categories.Select((name, place) => new Tick(place, name)).Where(tick => tick.Value % stride == 0)];
        }

        return kind == ChartValueKind.Date ? Interactive.Ticks.Date(low, high, wanted)
            : Log ? Interactive.Ticks.Log(low, high, wanted, axis.Unit)
            : Interactive.Ticks.Linear(low, high, wanted, axis.Unit);
    }

    private void Override()
    {
        var minimum = axis.Minimum is { } least && double.IsFinite(least) && (!Log || least > 0) ? (Log ? Math.Log10(least) : least) : low;
        var maximum = axis.Maximum is { } most && double.IsFinite(most) && (!Log || most > 0) ? (Log ? Math.Log10(most) : most) : high;
        if (maximum > minimum)
        {
            (low, high) = (Math.Max(minimum, -Greatest), Math.Min(maximum, Greatest));
        }

        if (!(high > low))
        {
            high = low + Math.Max(Math.Abs(low) * 1e-3, 1);
        }
    }
}
