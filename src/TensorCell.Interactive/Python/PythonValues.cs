using System.Globalization;
using System.Text.Json.Nodes;

namespace TensorCell.Interactive.Python;

/// <summary>Scalars and text on their way between C# and Python.</summary>
internal static class PythonValues
{
    /// <summary>What can be shared, for errors.</summary>
    public const string Shareable = "tensors, arrays of numbers, numbers, text, true and false can be shared";

    public static bool IsScalar(object? value) =>
        value is null or bool or string or char or sbyte or byte or short or ushort or int or uint or long or ulong or Half or float or double;

    public static bool CanShare(object? value) => PythonArray.CanHold(value) || (value is not null && IsScalar(value));

    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        bool truth => truth,
        string text => text,
        char character => character.ToString(),
        Half number => Float((double)number),
        float number => Float(number),
        double number => Float(number),
        ulong number => number,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    public static object? FromJson(JsonNode? node) => node?.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => (string)node!,
        System.Text.Json.JsonValueKind.True => true,
        System.Text.Json.JsonValueKind.False => false,
        System.Text.Json.JsonValueKind.Number => node.AsValue().TryGetValue<int>(out var small)
            ? small
            : node.AsValue().TryGetValue<long>(out var large) ? large : (object)(double)node,
        _ => null,
    };

    /// <summary>What Python's <c>repr</c> writes for a float.</summary>
    public static double ParseFloat(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <summary>As an object, so that Python can tell a float that has no fraction from an integer, and infinities survive.</summary>
    private static JsonObject Float(double number) => new() { ["float"] = number.ToString("R", CultureInfo.InvariantCulture) };
}
