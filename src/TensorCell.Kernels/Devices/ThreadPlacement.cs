using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>
/// Keeps a woken worker off the processor of the thread that wakes it. Linux often queues a woken thread behind its waker when the other
/// processors are busy for the moment, and then leaves both on one processor for tens of milliseconds: a hundred launches at half speed.
/// </summary>
internal static unsafe partial class ThreadPlacement
{
    private const int MaskBytes = 1024;
    private static readonly byte[]? processMask = ReadProcessMask();
    private static readonly int[] ranks = Ranks();

    /// <summary>The calling thread's number for <see cref="KeepAway"/>; 0 where threads cannot be placed.</summary>
    public static int CurrentThread
    {
        get
        {
            try
            {
                return processMask is null ? 0 : GetThread();
            }
            catch (EntryPointNotFoundException)
            {
                return 0; // a C library older than the function
            }
        }
    }

    /// <summary>Which of so many shares of work belongs to the processor that the calling thread runs on.</summary>
    public static int Share(int shares)
    {
        var processor = processMask is null ? Thread.GetCurrentProcessorId() : GetProcessor();
        return (uint)processor < (uint)ranks.Length
            ? (int)((long)ranks[processor] * shares / (ranks[^1] + 1))
            : (processor & int.MaxValue) % shares;
    }

    /// <summary>Lets a thread run on every processor of the process but the caller's; a refusal leaves it where it may run already.</summary>
    public static void KeepAway(int thread)
    {
        if (thread == 0 || processMask is not { } allowed)
        {
            return;
        }

        var processor = GetProcessor();
        if ((uint)processor >= MaskBytes * 8)
        {
            return;
        }

        var mask = stackalloc byte[MaskBytes];
        allowed.CopyTo(new Span<byte>(mask, MaskBytes));
        mask[processor / 8] &= (byte)~(1 << (processor % 8));
        _ = SetAffinity(thread, MaskBytes, mask);
    }

    /// <summary>Lets the calling thread run on every processor of the process again.</summary>
    public static void Free()
    {
        if (processMask is { } allowed)
        {
            fixed (byte* mask = allowed)
            {
                _ = SetAffinity(0, MaskBytes, mask);
            }
        }
    }

    /// <summary>The processors the process may use, or null where there is no choice.</summary>
    private static byte[]? ReadProcessMask()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
        {
            return null;
        }

        var mask = new byte[MaskBytes];
        fixed (byte* address = mask)
        {
            return GetAffinity(Environment.ProcessId, MaskBytes, address) >= 0 && mask.Sum(part => byte.PopCount(part)) > 1 ? mask : null;
        }
    }

    /// <summary>For each processor up to the last that the process may use, how many of those lie before it.</summary>
    private static int[] Ranks()
    {
        if (processMask is null)
        {
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];
        }

        var processors = Enumerable.Range(0, MaskBytes * 8).Where(i => (processMask[i / 8] >> (i % 8) & 1) != 0).ToArray();
        return [.. Enumerable.Range(0, processors[^1] + 1).Select(i => processors.Count(other => other < i))];
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThread();

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int process, nuint bytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, byte* mask);
}
