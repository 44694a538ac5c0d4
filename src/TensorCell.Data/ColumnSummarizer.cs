using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Data;

/// <summary>Makes summaries of columns.</summary>
internal static class ColumnSummarizer
{
    private const int BinCount = 24;
    private const int MostFrequentCount = 24;
    private const int CountableRange = 1 << 16;
    private const int RowsBetweenChecks = 1 << 16;

    public static ColumnSummary Summarize(Column column) => column switch
    {
        TextColumn text => OfText(text),
        ValueColumn<bool> values => OfBooleans(values),
        ValueColumn<long> values => OfValues(values, isNumber: true),
        ValueColumn<double> values => OfValues(values, isNumber: true),
        ValueColumn<float> values => OfValues(values, isNumber: true),
        ValueColumn<DateOnly> values => OfValues(values, isNumber: false),
        ValueColumn<DateTime> values => OfValues(values, isNumber: false),
        _ => New(column),
    };

    private static ColumnSummary New(Column column) => new(column.Name, column.Type, column.Count, column.MissingCount);

    private static ColumnSummary OfBooleans(ValueColumn<bool> column)
    {
        int truths = column.Values.Span.Count(true);
        int values = column.Count - column.MissingCount;
        return values == 0
            ? New(column) with { Distinct = 0 }
            : New(column) with
            {
                Mean = (double)truths / values,
                Histogram = [values - truths, truths],
                Distinct = truths > 0 && truths < values ? 2 : 1,
            };
    }

    private static ColumnSummary OfText(TextColumn column)
    {
        if (column.CountTexts() is not int[] counts)
        {
            return New(column);
        }

        // One number for both, so that of equally frequent texts the first comes first.
        long[] order = new long[counts.Length];
        for (int code = 0; code < order.Length; code++)
        {
            order[code] = ((long)(int.MaxValue - counts[code]) << 32) | (uint)code;
        }

        Array.Sort(order);
        int distinct = counts.Length - counts.AsSpan().Count(0);
        return New(column) with
        {
            Distinct = distinct,
            MostFrequent = [.. order.Take(Math.Min(distinct, MostFrequentCount)).Select(place => (int)(uint)place)
                .Select(code => new ValueCount(column.TextOf(code), counts[code]))],
        };
    }

    private static ColumnSummary OfValues<T>(ValueColumn<T> column, bool isNumber)
        where T : unmanaged, IComparable<T>
    {
        T[]? range = null;
        double lowest = double.PositiveInfinity;
        double highest = double.NegativeInfinity;
        double sum = 0;
        int count = 0;
        ReadOnlySpan<T> values = column.Values.Span;
        for (int start = 0; start < values.Length; start += RowsBetweenChecks)
        {
            Interruption.Check();
            double partial = 0;
            int end = Math.Min(values.Length, start + RowsBetweenChecks);
            for (int row = start; row < end; row++)
            {
                T value = values[row];
                double measured = Measure(value);
                if (double.IsNaN(measured) || column.GetIsMissing(row))
                {
                    continue;
                }

                range ??= [value, value];
                range[0] = value.CompareTo(range[0]) < 0 ? value : range[0];
                range[1] = value.CompareTo(range[1]) > 0 ? value : range[1];
                partial += measured;
                count++;
                if (double.IsFinite(measured))
                {
                    lowest = Math.Min(lowest, measured);
                    highest = Math.Max(highest, measured);
                }
            }

            sum += partial;
        }

        return range is null
            ? New(column) with { Distinct = 0 }
            : New(column) with
            {
                Minimum = range[0],
                Maximum = range[1],
                Mean = isNumber ? sum / count : null,
                Histogram = lowest <= highest ? Count(column, range[0], range[1], lowest, highest) : [],
                Distinct = Distinct(column, range[0], range[1]),
            };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Measure<T>(T value)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? (double)(object)value
        : typeof(T) == typeof(float) ? (float)(object)value
        : typeof(T) == typeof(long) ? (long)(object)value
        : typeof(T) == typeof(DateOnly) ? ((DateOnly)(object)value).DayNumber
        : ((DateTime)(object)value).Ticks;

    /// <summary>Whether values are whole numbers, of which neighbours may be the same double.</summary>
    private static bool IsWhole<T>()
        where T : unmanaged => typeof(T) == typeof(long) || typeof(T) == typeof(DateOnly);

    /// <summary>How far a whole value is above the least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Above<T>(T minimum, T value)
        where T : unmanaged =>
        typeof(T) == typeof(long)
            ? (ulong)(long)(object)value - (ulong)(long)(object)minimum
            : (ulong)(((DateOnly)(object)value).DayNumber - ((DateOnly)(object)minimum).DayNumber);

    private static int[] Count<T>(ValueColumn<T> column, T minimum, T maximum, double lowest, double highest)
        where T : unmanaged, IComparable<T>
    {
        bool isWhole = IsWhole<T>();
        double width = isWhole ? Above(minimum, maximum) : highest - lowest;
        int[] bins = new int[isWhole && width < BinCount ? (int)width + 1 : width > 0 ? BinCount : 1];

        // Halved, so that the width of all doubles is a double.
        double half = isWhole ? width / 2 : (highest / 2) - (lowest / 2);
        double scale = width > 0 ? bins.Length / (half + (isWhole && width < BinCount ? 0.5 : 0)) : 0;
        ReadOnlySpan<T> values = column.Values.Span;
        for (int start = 0; start < values.Length; start += RowsBetweenChecks)
        {
            Interruption.Check();
            int end = Math.Min(values.Length, start + RowsBetweenChecks);
            for (int row = start; row < end; row++)
            {
                double measured = Measure(values[row]);
                if (double.IsFinite(measured) && !column.GetIsMissing(row))
                {
                    double above = isWhole ? Above(minimum, values[row]) / 2.0 : (measured / 2) - (lowest / 2);
                    bins[Math.Clamp((int)(above * scale), 0, bins.Length - 1)]++;
                }
            }
        }

        return bins;
    }

    private static int? Distinct<T>(ValueColumn<T> column, T minimum, T maximum)
        where T : unmanaged, IComparable<T>
    {
        if (!IsWhole<T>() || Above(minimum, maximum) >= CountableRange)
        {
            return null;
        }

        bool[] isSeen = new bool[(int)Above(minimum, maximum) + 1];
        ReadOnlySpan<T> values = column.Values.Span;
        for (int start = 0; start < values.Length; start += RowsBetweenChecks)
        {
            Interruption.Check();
            int end = Math.Min(values.Length, start + RowsBetweenChecks);
            for (int row = start; row < end; row++)
            {
                if (!column.GetIsMissing(row))
                {
                    isSeen[(int)Above(minimum, values[row])] = true;
                }
            }
        }

        return isSeen.AsSpan().Count(true);
    }
}
