using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TensorCell.Interactive.Python;

/// <summary>
/// A Python of its own process, with one lasting namespace. It ends with this process, or when nothing refers to it any longer. Requests
/// run one after the other; cancelling one interrupts Python as Ctrl+C would, and ends the process if that does not help.
/// </summary>
public sealed class PythonProcess : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1.5);
    private static readonly ConditionalWeakTable<INotebook, Slot> byNotebook = [];
    private static readonly Lazy<string> server = new(ReadServer);

    private readonly Process process;
    private readonly PythonChannel channel;
    private readonly RawOutput rawOutput;
    private readonly SemaphoreSlim turn = new(1);
    private long lastRequest;

    private PythonProcess(Process process, PythonChannel channel, RawOutput rawOutput, JsonObject greeting)
    {
        this.process = process;
        this.channel = channel;
        this.rawOutput = rawOutput;
        Executable = (string)greeting["executable"]!;
        Version = (string)greeting["python"]!;
        NumPyVersion = (string?)greeting["numpy"];
    }

    /// <summary>The interpreter's file.</summary>
    public string Executable { get; }

    /// <summary>Python's version, as <c>3.11.2</c>.</summary>
    public string Version { get; }

    /// <summary>NumPy's version; null without NumPy.</summary>
    public string? NumPyVersion { get; }

    /// <summary>The process's id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !process.HasExited;

    /// <summary>The Python of a notebook, started when there is none or it has ended.</summary>
    /// <exception cref="PythonMissingException">No Python can be run.</exception>
    public static async Task<PythonProcess> OfAsync(INotebook notebook)
    {
        var slot = byNotebook.GetOrAdd(notebook, _ => new Slot());
        await slot.Gate.WaitAsync();
        try
        {
            if (slot.Process is null || !slot.Process.IsRunning)
            {
                slot.Process = await StartAsync();
            }

            return slot.Process;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    /// <summary>Starts a Python.</summary>
    /// <param name="executable">The interpreter; null to find one.</param>
    /// <exception cref="PythonMissingException">No Python can be run.</exception>
    public static async Task<PythonProcess> StartAsync(string? executable = null)
    {
        var start = new ProcessStartInfo(executable ?? PythonFinder.Find(), ["-X", "utf8", "-u", "-c", server.Value])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        PythonAllocator.Tune(start);
        var process = Process.Start(start)!;
        var channel = new PythonChannel(process.StandardInput.BaseStream, process.StandardError.BaseStream);
        var rawOutput = new RawOutput();
        _ = rawOutput.PumpAsync(process.StandardOutput.BaseStream);
        var complaints = new List<string>();
        while (await channel.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{'))
            {
                return new(process, channel, rawOutput, JsonNode.Parse(line)!.AsObject());
            }

            complaints.Add(line);
        }

        await process.WaitForExitAsync();
        Throw.PythonMissing($"python: {process.StartInfo.FileName} ended at its start: {string.Join('\n', complaints)}");
        return null;
    }

    /// <summary>Runs code like a cell; returns representations of its last expression's value by MIME type.</summary>
    /// <param name="code">The code.</param>
    /// <param name="firstLine">The line of the cell, from 1, that it begins on.</param>
    /// <param name="output">Gets what it prints, as it is printed: <c>stdout</c> or <c>stderr</c>, and the text.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <exception cref="PythonException">The code raised an exception.</exception>
    public async Task<IReadOnlyDictionary<string, string>> RunAsync(
        string code, int firstLine, Action<string, string> output, CancellationToken cancellation)
    {
        var reply = await RequestAsync(new() { ["do"] = "run", ["code"] = code, ["line"] = firstLine }, output, cancellation);
        return reply["data"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
    }

    /// <summary>Compiles code under a key, for <see cref="TimeAsync"/>.</summary>
    /// <exception cref="PythonException">The code does not compile.</exception>
    internal Task PrepareAsync(string key, string code, int firstLine, CancellationToken cancellation) =>
        RequestAsync(new() { ["do"] = "prepare", ["key"] = key, ["code"] = code, ["line"] = firstLine }, null, cancellation);

    /// <summary>Runs prepared code some times in a row and returns the seconds it took.</summary>
    /// <exception cref="PythonException">The code raised an exception.</exception>
    internal async Task<double> TimeAsync(string key, long runs, Action<string, string>? output, CancellationToken cancellation)
    {
        var request = new JsonObject { ["do"] = "time", ["key"] = key, ["runs"] = runs, ["muted"] = output is null };
        return (double)(await RequestAsync(request, output, cancellation))["seconds"]!;
    }

    /// <summary>The names that code reads and that neither it nor earlier code in Python defines.</summary>
    /// <exception cref="PythonException">The code does not parse.</exception>
    internal async Task<IReadOnlyList<string>> FindWantedAsync(string code, CancellationToken cancellation)
    {
        var reply = await RequestAsync(new() { ["do"] = "wanted", ["code"] = code }, null, cancellation);
        return [.. reply["names"]!.AsArray().Select(name => (string)name!)];
    }

    /// <summary>Sets a variable of Python to a C# value: a scalar, text, an array or a tensor, which becomes a NumPy array of its own.</summary>
    /// <exception cref="Magics.MagicException">Values of the type cannot be shared.</exception>
    internal Task ShareAsync(string name, object? value, CancellationToken cancellation)
    {
        var request = new JsonObject { ["do"] = "share", ["name"] = name };
        if (PythonArray.Of(value) is { } array)
        {
            request["dtype"] = array.TypeCode;
            request["shape"] = new JsonArray([.. array.Shape.Select(size => (JsonNode)size)]);
            return RequestAsync(request, null, cancellation, array.Bytes, hasPayload: true);
        }

        if (!PythonValues.IsScalar(value))
        {
            Throw.Magic($"#!python --share {name}: {name} is a {value?.GetType().Name}, which has no counterpart in Python; {PythonValues.Shareable}");
        }

        request["value"] = PythonValues.ToJson(value);
        return RequestAsync(request, null, cancellation);
    }

    /// <summary>The value of a variable of Python: a scalar, text, or a <see cref="Tensors.Tensor"/> for an array.</summary>
    /// <exception cref="PythonException">There is no such variable, or its value has no counterpart in C#.</exception>
    internal async Task<object?> FetchAsync(string name, CancellationToken cancellation)
    {
        var reply = await RequestAsync(new() { ["do"] = "fetch", ["name"] = name }, null, cancellation);
        if (reply["number"] is { } number)
        {
            return PythonValues.ParseFloat((string)number!);
        }

        return reply["payload"] is JsonValue payload
            ? PythonArray.ToTensor((string)reply["dtype"]!, [.. reply["shape"]!.AsArray().Select(size => (int)size!)], payload.GetValue<byte[]>())
            : PythonValues.FromJson(reply["value"]);
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task<JsonObject> RequestAsync(
        JsonObject request,
        Action<string, string>? output,
        CancellationToken cancellation,
        ReadOnlyMemory<byte> payload = default,
        bool hasPayload = false)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var id = ++lastRequest;
            request["id"] = id;
            if (hasPayload)
            {
                request["bytes"] = payload.Length;
            }

            rawOutput.Sink = output;
            var mark = rawOutput.ExpectMark();
            await channel.SendAsync(request, payload);
            var receiving = ReceiveAsync(id, output);
            using (cancellation.Register(() => _ = InterruptAsync(id, receiving)))
            {
                var reply = await receiving;
                await Task.WhenAny(mark, Task.Delay(patience / 4, CancellationToken.None));
                return Checked(reply, cancellation);
            }
        }
        catch (IOException exception)
        {
            throw Ended(exception, cancellation);
        }
        finally
        {
            rawOutput.Sink = null;
            turn.Release();
        }
    }

    private async Task<JsonObject> ReceiveAsync(long id, Action<string, string>? output)
    {
        while (await channel.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith('{'))
            {
                continue;
            }

            var message = JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { MaxDepth = 16 })!.AsObject();
            if (message["bytes"] is { } bytes)
            {
                message["payload"] = JsonValue.Create(await channel.ReadBytesAsync((int)bytes));
            }

            if (message["stream"] is { } stream)
            {
                output?.Invoke((string)stream!, (string)message["text"]!);
            }
            else if ((long?)message["done"] == id)
            {
                return message;
            }
        }

        return Throw.PythonEnded<JsonObject>("before it answered");
    }

    private async Task InterruptAsync(long id, Task receiving)
    {
        try
        {
            await channel.SendAsync(new() { ["do"] = "interrupt", ["id"] = id });
        }
        catch (IOException)
        {
            return; // It has ended already, which whoever waits for the reply is told.
        }

        if (await Task.WhenAny(receiving, Task.Delay(patience)) != receiving)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static JsonObject Checked(JsonObject reply, CancellationToken cancellation)
    {
        if (reply["error"] is not JsonObject error)
        {
            return reply;
        }

        var type = (string)error["type"]!;
        if (type == "KeyboardInterrupt" && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }

        return Throw.Python<JsonObject>(type, (string)error["message"]!, (string)error["traceback"]!);
    }

    private Exception Ended(IOException exception, CancellationToken cancellation)
    {
        process.WaitForExit(patience);
        if (cancellation.IsCancellationRequested)
        {
            return new OperationCanceledException(
                "python: it did not yield to the interrupt and was ended; its variables are gone", exception, cancellation);
        }

        var code = process.HasExited ? process.ExitCode.ToString(CultureInfo.InvariantCulture) : "unknown";
        return new PythonException(
            "ProcessEnded", "the process ended", $"python: the process ended (exit code {code}); its variables are gone, the next use starts it anew");
    }

    private static string ReadServer()
    {
        using var stream = typeof(PythonProcess).Assembly.GetManifestResourceStream("TensorCell.Interactive.Python.server.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public PythonProcess? Process { get; set; }
    }
}
