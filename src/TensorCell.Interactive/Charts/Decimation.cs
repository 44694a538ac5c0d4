namespace TensorCell.Interactive;

/// <summary>Keeps a chart of very many points small without changing what it looks like.</summary>
internal static class Decimation
{
    private const int LineBuckets = 2500;
    private const int MostMarkers = 20_000;

    /// <summary>
    /// A line that runs steadily to the right keeps the first, least, greatest and last point of each narrow bucket, which draws
    /// the same picture; dots are thinned evenly.
    /// </summary>
    public static ScatterTrace Of(ScatterTrace trace)
    {
        var count = Math.Min(trace.X.Count, trace.Y.Count);
        var places = trace.Mode == ScatterMode.Lines && IsSteady(trace) && count > 4 * LineBuckets
            ? Envelope(trace.Y.Numbers[..count])
            : count > MostMarkers ? [.. Enumerable.Range(0, MostMarkers).Select(i => (int)((long)i * count / MostMarkers))]
            : null;
        return places is null
            ? trace
            : trace with
            {
                X = trace.X.Pick(places),
                Y = trace.Y.Pick(places),
                Errors = trace.Errors?.Pick(places),
                ColorValues = trace.ColorValues?.Pick(places),
                Labels = trace.Labels?.Pick(places),
            };
    }

    private static bool IsSteady(ScatterTrace trace)
    {
        if (trace.X.Kind == ChartValueKind.Text || trace.Y.Kind == ChartValueKind.Text)
        {
            return false;
        }

        var x = trace.X.Numbers;
        for (var i = 1; i < x.Length; i++)
        {
            if (!(x[i] >= x[i - 1]))
            {
                return false;
            }
        }

        return true;
    }

    private static List<int> Envelope(ReadOnlySpan<double> y)
    {
        var places = new List<int>();
        for (var bucket = 0; bucket < LineBuckets; bucket++)
        {
            var start = (int)((long)bucket * y.Length / LineBuckets);
            var end = (int)((long)(bucket + 1) * y.Length / LineBuckets);
            int least = start, greatest = start;
            for (var i = start; i < end; i++)
            {
                least = y[i] < y[least] || double.IsNaN(y[least]) ? i : least;
                greatest = y[i] > y[greatest] || double.IsNaN(y[greatest]) ? i : greatest;
            }

            places.AddRange(new SortedSet<int> { start, least, greatest, end - 1 });
        }

        return places;
    }
}
