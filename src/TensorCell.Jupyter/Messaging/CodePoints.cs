namespace TensorCell.Jupyter.Messaging;

/// <summary>Jupyter counts Unicode code points where .NET counts UTF-16 units; these convert.</summary>
public static class CodePoints
{
    /// <summary>The UTF-16 offset of a code point, clamped to the text.</summary>
    public static int ToUtf16(string text, int codePoint)
    {
        int offset = 0;
        for (; codePoint > 0 && offset < text.Length; codePoint--)
        {
            offset += offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
        }

        return offset;
    }

    /// <summary>The number of code points before a UTF-16 offset, clamped to the text.</summary>
    public static int FromUtf16(string text, int offset)
    {
        int count = 0;
        for (int i = 0; i < Math.Min(offset, text.Length); count++)
        {
            i += i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
        }

        return count;
    }
}
