using System.Runtime.ExceptionServices;
using TensorCell.Jupyter.CSharp;

namespace TensorCell.Jupyter.Sessions;

/// <summary>
/// Keeps the process alive when code that a cell left running fails where nobody catches it, and tells the cell's user.
/// </summary>
internal static class UserFailures
{
    private static readonly Lazy<bool> installed = new(InstallOnce);

    /// <summary>Hooks the process, once.</summary>
    public static bool Install() => installed.Value;

    private static bool InstallOnce()
    {
        ExceptionHandling.SetUnhandledExceptionHandler(OnUnhandled);
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        return true;
    }

    /// <returns>Whether it was a cell's failure, which the process survives.</returns>
    private static bool OnUnhandled(Exception exception)
    {
        CellRun? run = CellRun.Current ?? CellRun.LastOnThread ?? CellRun.LatestBehind(exception);
        if (run is null)
        {
            return false;
        }

        if (!(run.Token.IsCancellationRequested && exception is OperationCanceledException or ThreadInterruptedException))
        {
            Tell(run, "An exception ended a thread that the cell started:", exception);
        }

        return true;
    }

    private static void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs failure)
    {
        Exception cause = failure.Exception.InnerException ?? failure.Exception;
        if (cause is not OperationCanceledException && CellRun.LatestBehind(cause) is { } run)
        {
            failure.SetObserved();
            Tell(run, "A task failed that nothing awaited:", cause);
        }
    }

    private static void OnExit(object? sender, EventArgs arguments)
    {
        if (CellRun.Latest is { Completion.IsCompleted: false } run)
        {
            run.Output.Stream("stderr", "The notebook's process is ending while this cell runs; its variables are lost.\n");
            run.Output.FlushAsync().Wait(TimeSpan.FromSeconds(1));
        }
    }

    private static void Tell(CellRun run, string title, Exception exception) =>
        run.Output.Stream("stderr", title + "\n" + string.Join('\n', CellStackTrace.Describe(exception)) + "\n");
}
