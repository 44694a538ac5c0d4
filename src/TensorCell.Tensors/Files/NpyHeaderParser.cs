using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TensorCell.Tensors;

/// <summary>
/// Reads the text of an <c>.npy</c> header: a dictionary of Python with the keys <c>descr</c>, <c>fortran_order</c> and <c>shape</c>, each once. Of
/// Python's syntax it takes what NumPy writes, with any white space between.
/// </summary>
internal ref struct NpyHeaderParser
{
    private const int MostAxes = 64;

    private readonly ReadOnlySpan<byte> text;
    private readonly FilePart part;
    private int place;

    private NpyHeaderParser(ReadOnlySpan<byte> text, FilePart part)
    {
        this.text = text;
        this.part = part;
    }

    /// <summary>The type, order and axes that a header names.</summary>
    /// <param name="text">The header's text.</param>
    /// <param name="part">What is being read, for errors.</param>
    /// <exception cref="InvalidDataException">It is no sound header.</exception>
    public static (string ElementType, bool IsFortranOrder, List<int> Shape) Parse(ReadOnlySpan<byte> text, FilePart part) =>
        new NpyHeaderParser(text, part).ReadDictionary();

    private (string ElementType, bool IsFortranOrder, List<int> Shape) ReadDictionary()
    {
        string? elementType = null;
        bool? isFortranOrder = null;
        List<int>? shape = null;
        Take('{');
        while (!TryTake('}'))
        {
            string key = ReadText();
            Take(':');
            switch (key)
            {
                case "descr" when elementType is null:
                    elementType = ReadElementType();
                    break;
                case "fortran_order" when isFortranOrder is null:
                    isFortranOrder = ReadTruth();
                    break;
                case "shape" when shape is null:
                    shape = ReadShape();
                    break;
                default:
                    Refuse(key is "descr" or "fortran_order" or "shape" ? $"has \"{key}\" twice" : "has a key other than descr, fortran_order and shape");
                    break;
            }

            if (!TryTake(','))
            {
                Take('}');
                break;
            }
        }

        SkipSpace();
        if (place < text.Length)
        {
            Refuse("goes on after its }");
        }

        if (elementType is null || isFortranOrder is null || shape is null)
        {
            Refuse("needs descr, fortran_order and shape");
        }

        return (elementType!, isFortranOrder!.Value, shape!);
    }

    private string ReadElementType()
    {
        SkipSpace();
        if (place < text.Length && text[place] is (byte)'[' or (byte)'(')
        {
            part.Refuse("its elements are structures of several fields, which tensors do not hold; in Python, save each field: array['name']");
        }

        return ReadText();
    }

    private string ReadText()
    {
        SkipSpace();
        if (place >= text.Length || text[place] is not ((byte)'\'' or (byte)'"'))
        {
            Refuse("lacks a text in quotes");
        }

        int length = text[(place + 1)..].IndexOf(text[place]);
        ReadOnlySpan<byte> content = length < 0 ? [] : text.Slice(place + 1, length);
        if (length < 0 || content.ContainsAnyExceptInRange((byte)' ', (byte)'~') || content.Contains((byte)'\\'))
        {
            Refuse("has a text that does not end, or has something other than plain characters");
        }

        place += length + 2;
        return Encoding.ASCII.GetString(content);
    }

    private bool ReadTruth()
    {
        SkipSpace();
        if (text[place..].StartsWith("True"u8))
        {
            place += 4;
            return true;
        }

        if (!text[place..].StartsWith("False"u8))
        {
            Refuse("has a fortran_order that is neither True nor False");
        }

        place += 5;
        return false;
    }

    private List<int> ReadShape()
    {
        List<int> shape = [];
        bool endsWithComma = true;
        Take('(');
        while (!TryTake(')'))
        {
            if (!endsWithComma)
            {
                Refuse("has a shape without commas between its numbers");
            }

            shape.Add(ReadLength());
            if (shape.Count > MostAxes)
            {
                Refuse($"has a shape of more than {MostAxes} axes");
            }

            endsWithComma = TryTake(',');
        }

        if (shape.Count == 1 && !endsWithComma)
        {
            Refuse("has a shape that is no tuple: one number needs a comma after it");
        }

        return shape;
    }

    private int ReadLength()
    {
        SkipSpace();
        ReadOnlySpan<byte> rest = text[place..];
        int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length : digits;
        if (digits == 0 || (digits > 1 && rest[0] == (byte)'0'))
        {
            Refuse("has something in its shape that is no count");
        }

        if (!Utf8Parser.TryParse(rest[..digits], out int length, out _))
        {
            Refuse($"has an axis of more than {int.MaxValue} elements");
        }

        place += digits;
        if (place < text.Length && text[place] == (byte)'L')
        {
            // How Python 2 wrote a long integer.
            place++;
        }

        return length;
    }

    private void Take(char expected)
    {
        if (!TryTake(expected))
        {
            Refuse($"lacks a {expected} at byte {place}");
        }
    }

    private bool TryTake(char expected)
    {
        SkipSpace();
        bool isThere = place < text.Length && text[place] == (byte)expected;
        place += isThere ? 1 : 0;
        return isThere;
    }

    private void SkipSpace()
    {
        while (place < text.Length && text[place] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            place++;
        }
    }

    [DoesNotReturn]
    private readonly void Refuse(string reason) => part.Refuse($"its header {reason}");
}
