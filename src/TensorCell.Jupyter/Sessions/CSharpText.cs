using TensorCell.Interactive.Magics;

namespace TensorCell.Jupyter.Sessions;

/// <summary>The C# of a cell that may hold other languages too.</summary>
internal static class CSharpText
{
    /// <summary>The cell with all but its C# blanked, so that every offset stays.</summary>
    public static string Of(string code, MagicRegistry magics)
    {
        char[] text = code.ToCharArray();
        foreach (CellSegment segment in CellSplitter.Split(code, magics))
        {
            if (segment is MagicSegment magic)
            {
                int end = magic.Body is not null && !IsOf(magic) ? magic.Start + magic.Length : magic.BodyStart;
                Blank(text.AsSpan(magic.Start..Math.Min(end, text.Length)));
            }
            else if (segment is CodeSegment csharp)
            {
                Blank(text.AsSpan(csharp.Start..csharp.CodeStart));
            }
            else
            {
                Blank(text.AsSpan(segment.Start, segment.Length));
            }
        }

        return new string(text);
    }

    /// <summary>Whether a magic's body is C#.</summary>
    public static bool IsOf(MagicSegment magic) => magic.Declaration is { Language: "csharp" } or null;

    /// <summary>Overwrites text with spaces, its line breaks kept.</summary>
    public static void Blank(Span<char> text)
    {
        foreach (ref char character in text)
        {
            character = character is '\n' or '\r' ? character : ' ';
        }
    }
}
