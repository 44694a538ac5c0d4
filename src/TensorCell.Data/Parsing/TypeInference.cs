namespace TensorCell.Data.Parsing;

/// <summary>
/// The types that values can have and the narrowest that holds two: integers are among the numbers, days among the moments, and all among
/// the texts. A column's type is the narrowest for all its values, whatever part of the file was looked at first.
/// </summary>
internal static unsafe class TypeInference
{
    /// <summary>The narrowest type that holds values of both; null is the type of no value.</summary>
    public static ColumnType? Join(ColumnType? first, ColumnType? second)
    {
        if (first is null || second is null || first == second)
        {
            return first ?? second;
        }

        return (Smaller(first, second), Larger(first, second)) switch
        {
            (ColumnType.Int64, ColumnType.Float64) => ColumnType.Float64,
            (ColumnType.Date, ColumnType.DateTime) => ColumnType.DateTime,
            _ => ColumnType.Text,
        };
    }

    /// <summary>The narrowest type of a field; null when it is missing or its quotes are wrong.</summary>
    public static ColumnType? Classify(byte* text, int length, int quote, MissingTokens missing)
    {
        if (FieldText.Unwrap(ref text, ref length, quote, missing) != FieldContent.Value)
        {
            return null;
        }

        return Int64Parser.TryParse(text, length, out _) ? ColumnType.Int64
            : DoubleParser.TryParse(text, length, out _) ? ColumnType.Float64
            : DateParser.TryParse(text, length, out _) ? ColumnType.Date
            : DateTimeParser.TryParse(text, length, out _) ? ColumnType.DateTime
            : BooleanParser.TryParse(text, length, out _) ? ColumnType.Boolean
            : ColumnType.Text;
    }

    /// <summary>What a schema's type expects, for an error.</summary>
    public static string Describe(ColumnType type) => type switch
    {
        ColumnType.Boolean => "true or false",
        ColumnType.Int64 => "an integer of 64 bits",
        ColumnType.Float32 or ColumnType.Float64 => "a number",
        ColumnType.Date => "a date as 2026-03-02",
        ColumnType.DateTime => "a moment as 2026-03-02T14:05:00",
        _ => "text",
    };

    private static ColumnType? Smaller(ColumnType? first, ColumnType? second) => first < second ? first : second;

    private static ColumnType? Larger(ColumnType? first, ColumnType? second) => first < second ? second : first;
}
