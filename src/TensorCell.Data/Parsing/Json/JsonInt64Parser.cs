using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Integers of 64 bits.</summary>
internal readonly unsafe struct JsonInt64Parser : IJsonParser<long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(JsonKind kind, byte* text, int length, out long value)
    {
        value = 0;
        int sign = *text == '-' ? 1 : 0;
        bool hasLeadingZero = text[sign] == '0' && length > sign + 1;
        return kind == JsonKind.Number && !hasLeadingZero && Int64Parser.TryParse(text, length, out value);
    }

    public static bool TryParseSpelled(byte* text, int length, out long value) => Int64Parser.TryParse(text, length, out value);
}
