using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Tells which compiled loops the launches of a thread ran, while it wants to know.</summary>
internal static class LaunchLog
{
    [ThreadStatic]
    private static List<(KernelFunction Function, IEmittedLoop Loop)>? entries;

    /// <summary>Whether this thread wants to know.</summary>
    public static bool IsEnabled => entries is not null;

    /// <summary>Tells of a launch.</summary>
    public static void Add(KernelFunction function, IEmittedLoop loop) => entries?.Add((function, loop));

    /// <summary>Runs something, to which is handed the growing list of the loops that launches from this thread ran.</summary>
    public static void Listen(Action<IReadOnlyList<(KernelFunction Function, IEmittedLoop Loop)>> run)
    {
        var before = entries;
        var mine = entries = [];
        try
        {
            run(mine);
        }
        finally
        {
            entries = before;
        }
    }
}
