namespace TensorCell.Tensors;

/// <summary>Files that are read.</summary>
internal static class ExistingFile
{
    /// <summary>Opens a file to be read in pieces, without a buffer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says where it was looked for.</exception>
    public static FileStream Open(string path, FileShare share = FileShare.Read)
    {
        if (!File.Exists(path))
        {
            Throw.NoFile(path);
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, share, bufferSize: 0);
    }
}
