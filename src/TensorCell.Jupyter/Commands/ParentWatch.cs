using System.Runtime.InteropServices;

namespace TensorCell.Jupyter.Commands;

/// <summary>Notices when the Jupyter server that started this kernel has died without a word.</summary>
internal static partial class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Watches from a thread of its own, if the parent asked for it as Jupyter's servers do.</summary>
    /// <param name="died">Called once, when the parent is gone.</param>
    public static void Start(Action died)
    {
        if (Environment.GetEnvironmentVariable("JPY_PARENT_PID") is not { Length: > 0 } || OperatingSystem.IsWindows())
        {
            return;
        }

        int parent = GetParentProcessId();
        var thread = new Thread(() =>
        {
            // Orphans are handed to another parent.
            while (GetParentProcessId() == parent && parent != 1)
            {
                Thread.Sleep(Interval);
            }

            if (parent != 1)
            {
                died();
            }
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentProcessId();
}
