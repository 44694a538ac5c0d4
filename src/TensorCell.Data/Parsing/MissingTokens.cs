using System.Text;

namespace TensorCell.Data.Parsing;

/// <summary>The tokens that mean a missing value, as bytes.</summary>
internal sealed class MissingTokens
{
    private readonly byte[][] tokens;
    private readonly int longest;
    private readonly bool hasEmpty;
    private readonly bool[] isFirstByte = new bool[256];

    /// <summary>No token at all.</summary>
    public static MissingTokens None { get; } = new([]);

    public MissingTokens(IEnumerable<string> tokens)
    {
        this.tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];
        foreach (byte[] token in this.tokens)
        {
            longest = Math.Max(longest, token.Length);
            if (token.Length == 0)
            {
                hasEmpty = true;
            }
            else
            {
                isFirstByte[token[0]] = true;
            }
        }
    }

    /// <summary>Whether one of the tokens would be read as a value, so that fields must be compared with them first.</summary>
    public unsafe bool HoldValue<T, TParser>()
        where T : unmanaged
        where TParser : struct, IValueParser<T>
    {
        foreach (byte[] token in tokens)
        {
            byte[] padded = [.. new byte[FieldPadding.Before], .. token, .. new byte[FieldPadding.After]];
            fixed (byte* text = padded)
            {
                if (TParser.TryParse(text + FieldPadding.Before, token.Length, out _))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a field, without quotes, means a missing value.</summary>
    public bool Contains(ReadOnlySpan<byte> field)
    {
        if (field.Length == 0)
        {
            return hasEmpty;
        }

        if (field.Length > longest || !isFirstByte[field[0]])
        {
            return false;
        }

        foreach (byte[] token in tokens)
        {
            if (field.SequenceEqual(token))
            {
                return true;
            }
        }

        return false;
    }
}
