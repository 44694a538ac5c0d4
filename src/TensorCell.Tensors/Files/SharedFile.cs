namespace TensorCell.Tensors;

/// <summary>Files that several processes map to write to.</summary>
internal static class SharedFile
{
    private const FileShare ForAll = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Opens a file to be mapped for writing.</summary>
    public static FileStream Open(string path)
    {
        if (!File.Exists(path))
        {
            Throw.NoFile(path);
        }

        return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, ForAll, bufferSize: 0);
    }

    /// <summary>
    /// Makes the file if it is not there. It appears as a whole, so when two processes make it at once both get the first one's; and its place on the
    /// disk is set aside, because a write to a mapped page for which there is none ends the process.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="byteLength">Its length.</param>
    /// <param name="head">What it begins with; zeros follow.</param>
    public static void Ensure(string path, long byteLength, ReadOnlySpan<byte> head)
    {
        if (File.Exists(path))
        {
            return;
        }

        string full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            Throw.NoFolder(path);
        }

        string unfinished = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = ForAll,
                PreallocationSize = byteLength,
                BufferSize = 0,
            };
            using (FileStream stream = new(unfinished, options))
            {
                stream.SetLength(byteLength);
                stream.Write(head);
            }

            File.Move(unfinished, full, overwrite: false);
        }
        catch (IOException) when (File.Exists(full))
        {
            // Another process was first.
            File.Delete(unfinished);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
