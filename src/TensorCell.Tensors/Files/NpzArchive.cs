using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>
/// The arrays of an <c>.npz</c> file by name. Each is read when it is first asked for, and kept, so asking again gives the same tensor. The file is open only
/// while something is read; members that are no <c>.npy</c> files are passed over. May be used by several threads at once.
/// </summary>
public sealed class NpzArchive : IReadOnlyDictionary<string, Tensor>
{
    /// <summary>What the names of members end in.</summary>
    internal const string Extension = ".npy";

    private const int MostListed = 20;

    private readonly string path;
    private readonly OrderedDictionary<string, NpzMember> members = [];

    internal NpzArchive(string path)
    {
        this.path = path;
        FilePart part = new("npz", path);
        using ZipArchive zip = NpzMember.Open(path, part, out _);
        foreach (string name in part.Translated(() => zip.Entries).Select(entry => entry.FullName))
        {
            if (name.EndsWith(Extension, StringComparison.Ordinal) && !members.TryAdd(name[..^Extension.Length], new NpzMember(path, name)))
            {
                part.Refuse($"member \"{name}\" is there twice");
            }
        }
    }

    /// <summary>The names, in the file's order.</summary>
    public IEnumerable<string> Keys => members.Keys;

    /// <summary>The arrays, in the file's order; each is read when it is reached.</summary>
    public IEnumerable<Tensor> Values => members.Values.Select(member => member.Tensor);

    /// <summary>How many arrays there are.</summary>
    public int Count => members.Count;

    /// <summary>The array of a name, read now if it was not asked for before.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those that there are.</exception>
    /// <exception cref="InvalidDataException">The member is no sound <c>.npy</c> file of numbers, or damaged; the message says what is wrong.</exception>
    public Tensor this[string key] => members.TryGetValue(key, out NpzMember? member)
        ? member.Tensor
        : throw new KeyNotFoundException(
            $"npz {path}: it has no array \"{key}\"; it has {(Count == 0 ? "none" : string.Join(", ", Keys.Take(MostListed)))}{(Count > MostListed ? ", …" : "")}");

    /// <summary>Reads what was not read yet, several arrays at a time.</summary>
    /// <returns>This.</returns>
    /// <exception cref="InvalidDataException">A member is no sound <c>.npy</c> file of numbers, or damaged.</exception>
    public NpzArchive ReadAll()
    {
        NpzMember[] all = [.. members.Values];
        Workers.For(all.Length, member => _ = all[member].Tensor);
        return this;
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => members.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        bool isThere = members.TryGetValue(key, out NpzMember? member);
        value = member?.Tensor;
        return isThere;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() =>
        members.Select(member => KeyValuePair.Create(member.Key, member.Value.Tensor)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
