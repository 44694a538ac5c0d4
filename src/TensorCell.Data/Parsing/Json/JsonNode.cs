using System.Text;

namespace TensorCell.Data.Parsing.Json;

/// <summary>An object at one place in the rows, as one thread knows it.</summary>
/// <param name="index">Its number in that thread.</param>
/// <param name="parent">The object it is in; null of the row itself.</param>
/// <param name="path">The keys on the way to it, with a dot behind each.</param>
internal sealed class JsonNode(int index, JsonNode? parent, string path)
{
    private readonly Dictionary<string, JsonKey> keys = new(StringComparer.Ordinal);

    /// <summary>Its number in the thread.</summary>
    public int Index => index;

    /// <summary>The object it is in; null of the row itself.</summary>
    public JsonNode? Parent => parent;

    /// <summary>How many objects it is in, itself included.</summary>
    public int Depth { get; } = parent is null ? 1 : parent.Depth + 1;

    /// <summary>A key of it, known or not.</summary>
    /// <param name="name">The key as UTF-8, its escapes resolved.</param>
    /// <param name="columns">What tells the keys that are kept as they are.</param>
    /// <param name="isNew">Whether it was not known.</param>
    public JsonKey Get(ReadOnlySpan<byte> name, JsonColumns columns, out bool isNew)
    {
        const int Short = 256;
        Span<char> characters = name.Length <= Short ? stackalloc char[Short] : new char[name.Length];
        characters = characters[..Encoding.UTF8.GetChars(name, characters)];
        isNew = !keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out JsonKey? key);
        if (isNew)
        {
            string full = string.Concat(path, characters);
            key = new JsonKey(full, columns.IsGiven(full));
            keys.Add(characters.ToString(), key);
        }

        return key!;
    }
}
