using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Commands;

/// <summary><c>tensorcell jupyter</c>: serves one notebook to Jupyter until told to end, or until Jupyter is gone.</summary>
internal static class JupyterCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("CONNECTION_FILE") { Description = "The connection file that Jupyter wrote for this kernel." };
        var command = new Command("jupyter", "Run as a Jupyter kernel. Jupyter starts this itself once 'tensorcell install' was run.") { file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file)));
        return command;
    }

    /// <summary>Serves until the end.</summary>
    public static int Run(string path)
    {
        // Taken before a session redirects the console into cells.
        var log = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
        try
        {
            ConnectionFile connection = ConnectionFile.Read(path);
            using LifeMarker? marker = LifeMarker.Create(path);
            using var kernel = new JupyterKernel(connection, () => new NotebookSession(), line => log.WriteLine($"tensorcell: {line}"))
            {
                Notice = marker?.Notice,
                CellStarted = marker is null ? null : marker.CellStarted,
                CellEnded = marker is null ? null : marker.CellEnded,
            };
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
            });
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                kernel.End();
            });
            ParentWatch.Start(kernel.End);
            new Thread(() => WarmUp(kernel)) { IsBackground = true, Name = "warm-up" }.Start();
            kernel.WaitForEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            log.WriteLine($"tensorcell: {error.Message}");
            return CommandLine.Usage;
        }
        catch (SocketException error)
        {
            log.WriteLine($"tensorcell: the addresses of {path} cannot be listened at: {error.Message}");
            return CommandLine.Failure;
        }

        // Threads that a cell left behind must not keep the process alive.
        Environment.Exit(CommandLine.Success);
        return CommandLine.Success;
    }

    private static void WarmUp(JupyterKernel kernel)
    {
        try
        {
            kernel.Session.WarmUpAsync().GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            // The first cell meets the same fault and reports it to the user; only the log hears of it here.
            kernel.Log($"warm-up failed: {error.Message}");
        }
    }
}
