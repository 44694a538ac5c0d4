using System.Diagnostics.CodeAnalysis;

namespace TensorCell.Tensors;

/// <summary>What is being read, as errors name it.</summary>
/// <param name="Format">The format: <c>npy</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Name">What of the file, with a colon and a space after it; empty for all of it.</param>
internal readonly record struct FilePart(string Format, string Path, string Name = "")
{
    /// <summary>Ends reading: the file is not what it should be.</summary>
    /// <exception cref="InvalidDataException">Always.</exception>
    [DoesNotReturn]
    public void Refuse(string reason) => Throw.BadFile(Format, Path, Name + reason);

    /// <inheritdoc cref="Refuse(string)"/>
    [DoesNotReturn]
    public T Refuse<T>(string reason)
    {
        Refuse(reason);
        return default;
    }
}
