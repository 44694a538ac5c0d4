using System.Diagnostics;
using TensorCell.Interactive;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Packages;

namespace TensorCell.Jupyter.Sessions;

/// <summary>One running notebook: its C# session, its magics, and the cells that run in it, one at a time.</summary>
public sealed class NotebookSession : INotebook, IAsyncDisposable
{
    private static readonly string[] usings =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text",
        "System.Threading.Tasks", "TensorCell.Kernels", "TensorCell.Tensors", "TensorCell.Data",
        "TensorCell.Learning", "TensorCell.Inference", "TensorCell.Interactive",
        "TensorCell.Jupyter.Sessions.CellFunctions",
    ];

    private readonly CSharpSession csharp = new(usings);
    private readonly OutputPump pump = new();
    private readonly MagicRegistry magics;
    private readonly SessionAssistant assistant;
    private readonly SessionPackages packages;
    private readonly SemaphoreSlim oneCell = new(1);
    private CellRun? running;
    private string path = "cell";
    private int cells;
    private long lastEnd = Stopwatch.GetTimestamp();

    /// <summary>A session with the magics of this package.</summary>
    public NotebookSession()
        : this(MagicRegistry.Default)
    {
    }

    /// <summary>A session with the given magics.</summary>
    public NotebookSession(MagicRegistry magics)
    {
        this.magics = magics;
        assistant = new SessionAssistant(csharp, magics, this);
        packages = new SessionPackages(csharp, magics, this);
        ConsoleRouter.Install();
        UserFailures.Install();
    }

    /// <inheritdoc/>
    public CancellationToken Cancellation => CellRun.Current?.Token ?? CancellationToken.None;

    /// <inheritdoc/>
    public IReadOnlyList<NotebookVariable> Variables =>
        [.. csharp.Variables.Select(variable => new NotebookVariable(variable.Name, variable.Type, variable.Value))];

    /// <summary>
    /// Gets ready for the first cell and the first tensors, and goes on to get quicker while no cell runs, for about a second. May run
    /// beside cells.
    /// </summary>
    public Task WarmUpAsync() => Task.Run(async () =>
    {
        var practice = new Practice(usings);
        await practice.BeginAsync();
        csharp.Anticipate();
        Tensors.Graph.Warmup.Run();
        await practice.GoOnAsync(() => oneCell.CurrentCount == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref lastEnd)));
    });

    /// <summary>Runs a cell; waits for the one before it to end.</summary>
    /// <param name="code">The cell's text: C#, magic commands, or both.</param>
    /// <param name="output">
    /// Where its output goes, also what its background work writes after it ended. Called from one thread at a time.
    /// </param>
    /// <param name="silent">Whether the values of its expressions are not to be shown.</param>
    /// <param name="cancellation">Interrupts the cell, like <see cref="Interrupt"/>.</param>
    /// <exception cref="IOException"><paramref name="output"/> failed.</exception>
    public async Task<CellOutcome> ExecuteAsync(
        string code, ICellOutput output, bool silent, CancellationToken cancellation)
    {
        await oneCell.WaitAsync(cancellation);
        try
        {
            MemoryGuard.Arm();
            ConsoleRouter.ClaimInput();
            var run = new CellRun(new CellWriter(pump, output), csharp.Loader);
            path = $"cell {++cells}";
            Volatile.Write(ref running, run);
            CellOutcome outcome;
            using (cancellation.UnsafeRegister(_ => run.Interrupt(), null))
            {
                run.Start(() => RunAsync(code, silent, run));
                outcome = await run.Completion;
            }

            Volatile.Write(ref running, null);
            if (run.IsAbandoned)
            {
                csharp.Abandon();
            }

            await run.Output.FlushAsync();
            csharp.Anticipate();
            return outcome;
        }
        finally
        {
            Volatile.Write(ref running, null);
            Volatile.Write(ref lastEnd, Stopwatch.GetTimestamp());
            oneCell.Release();
        }
    }

    /// <summary>Interrupts the running cell; does nothing when none runs. Never blocks.</summary>
    public void Interrupt() => Volatile.Read(ref running)?.Interrupt();

    /// <inheritdoc/>
    public void SetVariable(string name, object? value, Type? declaredType = null) =>
        csharp.SetAsync(name, value, declaredType).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public Task<object?> EvaluateAsync(string code, int firstLine = 1) => csharp.RunAsync(Compile(code, firstLine));

    /// <inheritdoc/>
    public Task<IPreparedCode> PrepareAsync(string code, int firstLine = 1) =>
        Task.FromResult<IPreparedCode>(csharp.Prepare(Compile(code, firstLine)));

    /// <inheritdoc/>
    public IDisplayHandle Display(object? value) => new DisplayHandle(Running("display").Output, value);

    /// <inheritdoc/>
    public void Stream(string name, string text) => Running("write").Output.Stream(name, text);

    /// <inheritdoc/>
    public IDisposable MuteOutput() => Running("mute").Mute();

    /// <inheritdoc/>
    public IDisposable DeferInterruption() => Running("defer interruption").Defer();

    /// <summary>What could stand at a UTF-16 offset of a cell.</summary>
    public Task<CompletionResult> CompleteAsync(string code, int cursor, CancellationToken cancellation) =>
        Task.Run(() => assistant.CompleteAsync(code, cursor, cancellation), cancellation);

    /// <summary>Describes what stands at a UTF-16 offset of a cell; null when there is nothing to tell.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The offset.</param>
    /// <param name="detail">0 for signature and summary, 1 for all there is.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<MimeBundle?> InspectAsync(string code, int cursor, int detail, CancellationToken cancellation) =>
        Task.Run(() => assistant.InspectAsync(code, cursor, detail, cancellation), cancellation);

    /// <summary>Whether the code can run as it stands.</summary>
    public Completeness IsComplete(string code) => assistant.IsComplete(code);

    /// <summary>Interrupts what runs and ends the session.</summary>
    public async ValueTask DisposeAsync()
    {
        Interrupt();
        await oneCell.WaitAsync();
        pump.Dispose();
        assistant.Dispose();
    }

    private async Task<CellOutcome> RunAsync(string code, bool silent, CellRun run)
    {
        try
        {
            // Before anything else, since packages bring magics too.
            code = await InstallPackagesAsync(code);
            IReadOnlyList<CellSegment> segments = CellSplitter.Split(code, magics);
            magics.Check(segments);
            foreach (CellSegment segment in segments)
            {
                run.Token.ThrowIfCancellationRequested();
                if (segment is CodeSegment csharpCode)
                {
                    await RunAsync(csharpCode, segment == segments[^1], silent, run);
                }
                else if (segment is MagicSegment magic)
                {
                    await magics.RunAsync(magic, this);
                }
            }

            return CellOutcome.Success;
        }
        catch (Exception exception)
        {
            if (run.IsOutOfMemory || MemoryGuard.IsBehind(exception))
            {
                MemoryGuard.Release();
            }

            return CellErrors.Of(run.IsOutOfMemory ? new OutOfMemoryException() : exception, run.Token.IsCancellationRequested);
        }
    }

    /// <summary>Installs the packages that a cell asks for.</summary>
    /// <returns>The cell without the lines that ask.</returns>
    private async Task<string> InstallPackagesAsync(string code)
    {
        if (!PackageDirectives.MayBeIn(code))
        {
            return code;
        }

        string text = CSharpText.Of(code, magics);
        PackageDirectives directives = PackageDirectives.Of(text);
        await packages.InstallAsync(directives);
        return directives.Blank(code);
    }

    private async Task RunAsync(CodeSegment segment, bool isLast, bool silent, CellRun run)
    {
        Submission submission = Compile(segment.Code, segment.CodeLine);
        object? value = await csharp.RunAsync(submission);
        if (silent || value is DisplayHandle || (value is null && !submission.HasValue))
        {
            return;
        }

        if (isLast)
        {
            run.Output.Result(MimeBundles.Of(value));
        }
        else
        {
            run.Output.Display(MimeBundles.Of(value), null);
        }
    }

    private static CellRun Running(string what) => CellRun.Current
        ?? Throw.NoCell(what, "for it");

    /// <summary>Compiles code of the running cell so that its lines keep the cell's numbers.</summary>
    private Submission Compile(string code, int firstLine)
    {
        string placed = new string('\n', firstLine - 1) + code;
        return CellRun.Current is { } run
            ? run.Uninterruptibly(() => csharp.Compile(placed, path, run.Token))
            : csharp.Compile(placed, path);
    }
}
