using TensorCell.Tensors;

namespace TensorCell.Jupyter.Notebooks;

/// <summary>Reads and writes notebook files, in the format their extension names.</summary>
public static class NotebookFile
{
    private const long LargestFile = 1L << 30;

    /// <summary>The extensions that can be read and written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".ipynb", ".dib"];

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">A <c>.ipynb</c> or <c>.dib</c> file.</param>
    /// <exception cref="NotebookFormatException">The file is not what its extension says.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Read(string path)
    {
        string extension = ExtensionOf(path);
        var length = new FileInfo(path).Length;
        if (length > LargestFile)
        {
            Throw.NotebookFormat(
                $"{path}: {length >> 20} MiB is more than the {LargestFile >> 20} MiB a notebook may have; clear its outputs first");
        }

        byte[] content = File.ReadAllBytes(path);
        try
        {
            return extension == ".dib" ? DibFormat.Parse(content) : IpynbFormat.Parse(content);
        }
        catch (NotebookFormatException error)
        {
            return Throw.NotebookFormat<NotebookDocument>($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Writes a notebook; a reader never sees it half-written.</summary>
    /// <param name="path">A <c>.ipynb</c> or <c>.dib</c> file, replaced when it exists.</param>
    /// <param name="document">The notebook.</param>
    /// <exception cref="NotebookFormatException">The extension is none of <see cref="Extensions"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, NotebookDocument document)
    {
        string extension = ExtensionOf(path);
        AtomicFile.Write(path, stream =>
        {
            if (extension == ".dib")
            {
                DibFormat.Write(document, stream);
            }
            else
            {
                IpynbFormat.Write(document, stream);
            }
        });
    }

    private static string ExtensionOf(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        return Extensions.Contains(extension)
            ? extension
            : Throw.NotebookFormat<string>(
                $"{path}: '{extension}' is no notebook format; use {string.Join(" or ", Extensions)}");
    }
}
