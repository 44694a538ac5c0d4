namespace TensorCell.Interactive;

/// <summary>Keeps a chart of very many points small without changing what it looks like.</summary>
internal static class Decimation
{
    private const int LineBuckets = 2500;
    private const int MostMarkers = 20_000;
    private const int MostCells = 256;

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

    /// <summary>A matrix of at most 256 by 256: beyond, each cell is the mean of a block.</summary>
    public static HeatmapTrace Of(HeatmapTrace trace)
    {
        if (trace.Rows <= MostCells && trace.Columns <= MostCells)
        {
            return trace;
        }

        int rows = Math.Min(trace.Rows, MostCells), columns = Math.Min(trace.Columns, MostCells);
        var sums = new double[rows * columns];
        var counts = new int[rows * columns];
        var values = trace.Values.Numbers;
        for (var row = 0; row < trace.Rows; row++)
        {
            for (var column = 0; column < trace.Columns; column++)
            {
                var value = values[(row * trace.Columns) + column];
                if (double.IsFinite(value))
                {
                    var cell = ((int)((long)row * rows / trace.Rows) * columns) + (int)((long)column * columns / trace.Columns);
                    counts[cell]++;
                    sums[cell] += (value - sums[cell]) / counts[cell];
                }
            }
        }

        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = counts[i] == 0 ? double.NaN : sums[i];
        }

        return trace with
        {
            Values = ChartValues.From(sums),
            Rows = rows,
            Columns = columns,
            X = trace.X?.Pick([.. Enumerable.Range(0, columns).Select(i => (int)((long)i * trace.Columns / columns))]),
            Y = trace.Y?.Pick([.. Enumerable.Range(0, rows).Select(i => (int)((long)i * trace.Rows / rows))]),
            ColumnStride = (double)trace.Columns / columns,
            RowStride = (double)trace.Rows / rows,
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
