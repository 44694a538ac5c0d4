using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing.Json;

/// <summary>JSON passed over and checked. Texts end, wherever they do, with a zero, which JSON may not hold.</summary>
internal static unsafe class JsonSyntax
{
    /// <summary>Objects and arrays inside each other, at most.</summary>
    public const int MaxDepth = 64;

    public const string ExpectedKey = "a key in quotes";
    public const string ExpectedColon = "a colon after the key";
    public const string ExpectedValue = "a value: a string in quotes, a number, true, false, null, an object or an array";

    /// <summary>What nesting deeper than <see cref="MaxDepth"/> is answered with.</summary>
    public static string ExpectedDepth => $"objects and arrays nested at most {MaxDepth} deep";

    /// <summary>The first byte that is no blank; line feeds are none, since they end the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* SkipBlanks(byte* text)
    {
        while (*text is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            text++;
        }

        return text;
    }

    /// <summary>The bytes of true, false or null that a text begins with; 0 when it begins with none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOfWord(byte* text, out JsonKind kind)
    {
        uint first = Unsafe.ReadUnaligned<uint>(text);
        if (first == Unsafe.ReadUnaligned<uint>(ref Unsafe.AsRef(in "true"u8[0])))
        {
            kind = JsonKind.True;
            return 4;
        }

        if (first == Unsafe.ReadUnaligned<uint>(ref Unsafe.AsRef(in "null"u8[0])))
        {
            kind = JsonKind.Null;
            return 4;
        }

        kind = JsonKind.False;
        return first == Unsafe.ReadUnaligned<uint>(ref Unsafe.AsRef(in "fals"u8[0])) && text[4] == 'e' ? 5 : 0;
    }

    /// <summary>Passes over a value of any kind.</summary>
    /// <param name="text">Its first byte.</param>
    /// <param name="depth">How many objects it is in.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>The first byte after it; null when something is wrong.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static byte* SkipValue(byte* text, int depth, ref JsonProblem problem)
    {
        ulong objects = 0; // a bit for each level, the innermost lowest
        int level = 0;
        while (true)
        {
            if (*text is (byte)'{' or (byte)'[')
            {
                if (depth + ++level > MaxDepth)
                {
                    problem = new JsonProblem(text, ExpectedDepth);
                    return null;
                }

                bool isObject = *text == '{';
                objects = (objects << 1) | (isObject ? 1UL : 0);
                text = SkipBlanks(text + 1);
                if (*text != (isObject ? '}' : ']'))
                {
                    text = isObject ? SkipKey(text, ref problem) : text;
                    if (text == null)
                    {
                        return null;
                    }

                    continue;
                }
            }
            else
            {
                text = SkipScalar(text, ref problem);
                if (text == null || level == 0)
                {
                    return text;
                }

                text = SkipBlanks(text);
            }

            while (*text == ((objects & 1) != 0 ? '}' : ']'))
            {
                text++;
                objects >>= 1;
                if (--level == 0)
                {
                    return text;
                }

                text = SkipBlanks(text);
            }

            bool isInObject = (objects & 1) != 0;
            if (*text != ',')
            {
                problem = new JsonProblem(text, isInObject ? "a comma or }" : "a comma or ]");
                return null;
            }

            text = SkipBlanks(text + 1);
            text = isInObject ? SkipKey(text, ref problem) : text;
            if (text == null)
            {
                return null;
            }
        }
    }

    private static byte* SkipKey(byte* text, ref JsonProblem problem)
    {
        if (*text != '"')
        {
            problem = new JsonProblem(text, ExpectedKey);
            return null;
        }

        text = JsonString.FindEnd(text + 1, out _, ref problem);
        if (text == null)
        {
            return null;
        }

        text = SkipBlanks(text + 1);
        if (*text != ':')
        {
            problem = new JsonProblem(text, ExpectedColon);
            return null;
        }

        return SkipBlanks(text + 1);
    }

    private static byte* SkipScalar(byte* text, ref JsonProblem problem)
    {
        if (*text == '"')
        {
            text = JsonString.FindEnd(text + 1, out _, ref problem);
            return text == null ? null : text + 1;
        }

        int length = *text == '-' || (uint)(*text - '0') <= 9 ? JsonNumber.LengthOf(text) : LengthOfWord(text, out _);
        if (length == 0)
        {
            problem = new JsonProblem(text, ExpectedValue);
            return null;
        }

        return text + length;
    }
}
