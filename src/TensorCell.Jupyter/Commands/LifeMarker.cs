using System.Text;

namespace TensorCell.Jupyter.Commands;

/// <summary>
/// A file beside the connection file that exists while the kernel lives and holds what it is doing. Jupyter restarts a kernel
/// that died with the same connection file: the next process finds the marker and can tell the user what happened.
/// </summary>
internal sealed class LifeMarker : IDisposable
{
    private const string Extension = ".running";

    private readonly FileStream file;

    private LifeMarker(FileStream file, string? notice)
    {
        this.file = file;
        Notice = notice;
    }

    /// <summary>What to tell the user of the process before this one; null when it ended as it should, or there was none.</summary>
    public string? Notice { get; }

    /// <summary>Marks this process as living.</summary>
    /// <returns>Null when the directory cannot be written to; the kernel does without then.</returns>
    public static LifeMarker? Create(string connectionFile)
    {
        string path = connectionFile + Extension;
        try
        {
            string? notice = null;
            if (File.Exists(path))
            {
                string activity = File.ReadAllText(path);
                notice = "The kernel process before this one ended without warning"
                    + (activity.Length > 0 ? $" while it ran {activity}" : "")
                    + "; its variables are gone. What ends a .NET process so: a stack overflow, a fault in native code, "
                    + "or the system when memory runs out.\n";
            }

            RemoveOrphans(Path.GetDirectoryName(Path.GetFullPath(connectionFile))!);
            return new LifeMarker(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), notice);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Notes the cell that runs now.</summary>
    /// <param name="executionCount">Its prompt number.</param>
    /// <param name="code">Its code, of which the first line is kept.</param>
    public void CellStarted(int executionCount, string code)
    {
        string line = RunProgress.FirstLine(code);
        Write($"[{executionCount}] {(line.Length > 200 ? line[..200] : line)}");
    }

    /// <summary>Notes that no cell runs.</summary>
    public void CellEnded() => Write("");

    /// <summary>Removes the marker: the kernel ends as it should.</summary>
    public void Dispose()
    {
        string path = file.Name;
        file.Dispose();
        File.Delete(path);
    }

    private static void RemoveOrphans(string directory)
    {
        foreach (string marker in Directory.EnumerateFiles(directory, "*" + Extension))
        {
            if (!File.Exists(marker[..^Extension.Length]))
            {
                File.Delete(marker);
            }
        }
    }

    private void Write(string activity)
    {
        try
        {
            file.SetLength(0);
            file.Position = 0;
            file.Write(Encoding.UTF8.GetBytes(activity));
            file.Flush();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // A full disk, or a cell that ends while the kernel shuts down: a marker less is no reason to fail a cell.
        }
    }
}
