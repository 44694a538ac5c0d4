using System.Diagnostics;
using System.Globalization;

namespace TensorCell.Benchmarks;

/// <summary>
/// A system in a process of its own that stays between turns. It writes <c>ready CHECK</c> or <c>missing REASON</c> when it has
/// prepared the case, answers <c>run N</c> with N numbers of seconds on one line, and ends with its input. Where the work is done by yet
/// another process, <c>peak=BYTES</c> after the numbers tells that one's memory.
/// </summary>
public sealed class ProcessRunner : IRunner
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(120);
    private const string PeakPrefix = "peak=";
    private readonly Process process;
    private readonly string name;
    private long? reportedPeak;

    private ProcessRunner(string name, Process process)
    {
        this.name = name;
        this.process = process;
        var greeting = ReadLine().Split(' ', 2);
        if (greeting[0] == "missing")
        {
            Dispose();
            throw new MissingSystemException(greeting[^1]);
        }

        Check = greeting is ["ready", var check] ? double.Parse(check, CultureInfo.InvariantCulture) : null;
    }

    /// <inheritdoc/>
    public double? Check { get; }

    /// <inheritdoc/>
    public long PeakBytes
    {
        get
        {
            process.Refresh();
            return reportedPeak ?? process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts a process.</summary>
    /// <param name="name">The system's name, for messages.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables to set, beyond those of this process; what those say to OpenBLAS is left out.</param>
    /// <exception cref="MissingSystemException">The program is not there, or says that it cannot take part.</exception>
    public static ProcessRunner Start(
        string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(command[0]))
        {
            throw new MissingSystemException($"{command[0]} is not there; run benchmarks/setup.sh");
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var inherited in start.Environment.Keys.Where(variable => variable.StartsWith("OPENBLAS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new ProcessRunner(name, Process.Start(start)!);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Run(int times)
    {
        process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {times}"));
        process.StandardInput.Flush();
        var answer = ReadLine().Split(' ');
        if (answer[^1].StartsWith(PeakPrefix, StringComparison.Ordinal))
        {
            reportedPeak = long.Parse(answer[^1].AsSpan(PeakPrefix.Length), CultureInfo.InvariantCulture);
            answer = answer[..^1];
        }

        return [.. answer.Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private string ReadLine()
    {
        var line = process.StandardOutput.ReadLineAsync();
        if (!line.Wait(patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{name}: no answer within {patience.TotalSeconds} s");
        }

        return line.Result ?? throw new MissingSystemException("its process ended; what it wrote is above");
    }
}
