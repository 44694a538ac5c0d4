using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using TensorCell.Jupyter.Handlers;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Pages;
using TensorCell.Jupyter.Sessions;
using TensorCell.Tensors;

namespace TensorCell.Jupyter.Commands;

/// <summary>One run of <c>tensorcell run</c>.</summary>
internal sealed class NotebookRun
{
    /// <summary>What an output file's name may end in.</summary>
    public static IReadOnlyList<string> OutputExtensions { get; } = [".html", .. NotebookFile.Extensions];

    public required string Notebook { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public bool OpensPage { get; init; }

    public TimeSpan? Timeout { get; init; }

    public bool AllowsErrors { get; init; }

    public IReadOnlyList<(string Name, string Value)> Parameters { get; init; } = [];

    /// <summary>Runs the notebook and writes the outputs.</summary>
    /// <returns>The exit code.</returns>
    public int Execute()
    {
        NotebookDocument document;
        try
        {
            document = NotebookFile.Read(Notebook);
            if (Parameters.Count > 0)
            {
                NotebookParameters.Inject(document, Parameters);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotebookFormatException or FormatException)
        {
            return CommandLine.Fail($"run: {error.Message}", CommandLine.Usage);
        }

        // Taken before the session redirects the console into cells.
        var terminal = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        var errors = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));

        IReadOnlyList<CellProgress> failed;
        using (var progress = new RunProgress(terminal, isTerminal: !Console.IsOutputRedirected))
        {
            failed = RunCells(document, progress, stop.Token);
        }

        bool isWritten = WriteOutputs(document, terminal, errors);
        foreach (CellProgress cell in failed)
        {
            errors.WriteLine($"tensorcell: cell {cell.Index} of {cell.Count} failed: {RunProgress.FirstLine(cell.Cell.RunnableSource)}");
            errors.WriteLine(cell.Error!.Traceback.Count > 0 ? string.Join('\n', cell.Error.Traceback) : $"{cell.Error.Name}: {cell.Error.Message}");
        }

        if (stop.IsCancellationRequested)
        {
            errors.WriteLine("tensorcell: interrupted; the cells after this were not run");
        }

        int code = failed.Count > 0 || stop.IsCancellationRequested || !isWritten ? CommandLine.Failure : CommandLine.Success;

        // Threads that a cell left behind must not keep the process alive.
        Environment.Exit(code);
        return code;
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        // A second signal ends the process at once.
        if (!stop.IsCancellationRequested)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private IReadOnlyList<CellProgress> RunCells(NotebookDocument document, RunProgress progress, CancellationToken cancellation)
    {
        // Cells name the files beside their notebook, as they do under Jupyter.
        string origin = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Path.GetDirectoryName(Path.GetFullPath(Notebook))!);
        try
        {
            var runner = new NotebookRunner(new NotebookSession())
            {
                Timeout = Timeout,
                AllowsErrors = AllowsErrors,
                Progress = progress.Report,
            };
            document.Metadata["kernelspec"] ??= new JsonObject
            {
                ["display_name"] = InstallCommand.DisplayName,
                ["language"] = InstallCommand.Language,
                ["name"] = InstallCommand.KernelName,
            };
            document.Metadata["language_info"] = KernelInfoHandler.LanguageInfo;
            return runner.RunAsync(document, cancellation).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.SetCurrentDirectory(origin);
        }
    }

    private bool WriteOutputs(NotebookDocument document, TextWriter terminal, TextWriter errors)
    {
        string title = Path.GetFileNameWithoutExtension(Notebook);
        IReadOnlyList<string> outputs = Outputs.Count > 0 ? Outputs : [title + ".executed.ipynb"];
        bool isWritten = true;
        foreach (string path in outputs)
        {
            try
            {
                if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
                {
                    Directory.CreateDirectory(directory);
                }

                Write(path, document, title, Path.GetDirectoryName(Path.GetFullPath(Notebook)));
                string size = (new FileInfo(path).Length / 1024.0).ToString("0", CultureInfo.InvariantCulture);
                terminal.WriteLine($"Wrote {Path.GetFullPath(path)} ({size} KiB)");
                if (OpensPage && IsPage(path))
                {
                    Open(path, errors);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                errors.WriteLine($"tensorcell: {path} could not be written: {error.Message}");
                isWritten = false;
            }
        }

        return isWritten;
    }

    private static bool IsPage(string path) => Path.GetExtension(path).Equals(".html", StringComparison.OrdinalIgnoreCase);

    private static void Write(string path, NotebookDocument document, string title, string? folder)
    {
        if (!IsPage(path))
        {
            NotebookFile.Write(path, document);
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            using var page = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            HtmlPage.Write(document, page, title, folder);
        });
    }

    private static void Open(string path, TextWriter errors)
    {
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(Path.GetFullPath(path)) { UseShellExecute = true });
        }
        catch (Win32Exception error)
        {
            errors.WriteLine($"tensorcell: no browser could be started for {path}: {error.Message}");
        }
    }
}
