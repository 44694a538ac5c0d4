namespace TensorCell.Data;

/// <summary>A column's values as an array of another element type.</summary>
internal static class ColumnConversion
{
    public static T[] ToArray<T>(Column column)
    {
        T[] result = GC.AllocateUninitializedArray<T>(column.Count);
        if (result is string?[] texts)
        {
            for (int row = 0; row < texts.Length; row++)
            {
                texts[row] = column.GetIsMissing(row) ? null : column.GetText(row);
            }

            return result;
        }

        bool hasPlaceholder = typeof(T) == typeof(float) || typeof(T) == typeof(double);
        if (column.MissingCount > 0 && !hasPlaceholder && result is not object?[])
        {
            throw Throw.MissingHasNoValue(column, typeof(T));
        }

        bool converted = column switch
        {
            ValueColumn<double> { Values.Span: var values } => Convert(column, values, result),
            ValueColumn<float> { Values.Span: var values } => Convert(column, values, result),
            ValueColumn<long> { Values.Span: var values } => Convert(column, values, result),
            ValueColumn<bool> { Values.Span: var values } => Convert(column, values, result),
            ValueColumn<DateOnly> { Values.Span: var values } => Copy(values, result),
            ValueColumn<DateTime> { Values.Span: var values } => Copy(values, result),
            _ => false,
        };
        if (!converted)
        {
            throw Throw.WrongElement(column, typeof(T), "ToArray");
        }

        if (column.MissingCount > 0 && column.Type is ColumnType.Int64 or ColumnType.Boolean)
        {
            MarkMissing(column, result);
        }

        return result;
    }

    private static bool Copy<TSource, T>(ReadOnlySpan<TSource> values, T[] result)
    {
        if (result is not TSource[] same)
        {
            return false;
        }

        values.CopyTo(same);
        return true;
    }

    private static bool Convert<TSource, T>(Column column, ReadOnlySpan<TSource> values, T[] result)
        where TSource : unmanaged
    {
        if (Copy(values, result))
        {
            return true;
        }

        switch (result)
        {
            case double[] doubles:
                for (int row = 0; row < doubles.Length; row++)
                {
                    doubles[row] = ToDouble(values[row]);
                }

                return true;
            case float[] floats:
                for (int row = 0; row < floats.Length; row++)
                {
                    floats[row] = typeof(TSource) == typeof(long) ? (long)(object)values[row] : (float)ToDouble(values[row]);
                }

                return true;
            case long[] longs when typeof(TSource) == typeof(bool):
                for (int row = 0; row < longs.Length; row++)
                {
                    longs[row] = (long)ToDouble(values[row]);
                }

                return true;
            case int[] ints when typeof(TSource) == typeof(bool) || typeof(TSource) == typeof(long):
                for (int row = 0; row < ints.Length; row++)
                {
                    double value = ToDouble(values[row]);
                    ints[row] = value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Throw.NotInt32(column, row);
                }

                return true;
            default:
                return false;
        }
    }

    private static double ToDouble<TSource>(TSource value) =>
        typeof(TSource) == typeof(double) ? (double)(object)value!
        : typeof(TSource) == typeof(float) ? (float)(object)value!
        : typeof(TSource) == typeof(long) ? (long)(object)value!
        : (bool)(object)value! ? 1 : 0;

    private static void MarkMissing<T>(Column column, T[] result)
    {
        for (int row = 0; row < result.Length; row++)
        {
            if (column.GetIsMissing(row))
            {
                switch (result)
                {
                    case double[] doubles:
                        doubles[row] = double.NaN;
                        break;
                    case float[] floats:
                        floats[row] = float.NaN;
                        break;
                }
            }
        }
    }
}
