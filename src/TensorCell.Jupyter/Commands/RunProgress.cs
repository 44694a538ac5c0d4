using System.Diagnostics;
using System.Globalization;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Commands;

/// <summary>Shows on the terminal how a notebook's run goes: a line per cell, alive while the cell runs.</summary>
internal sealed class RunProgress : IDisposable
{
    private const int NarrowestText = 20;

    private readonly TextWriter output;
    private readonly bool isTerminal;
    private readonly Lock gate = new();
    private readonly Timer? timer;
    private CellProgress? running;
    private long startedAt;

    /// <param name="output">The terminal's own writer, which cells do not redirect.</param>
    /// <param name="isTerminal">Whether a line can be written over.</param>
    public RunProgress(TextWriter output, bool isTerminal)
    {
        this.output = output;
        this.isTerminal = isTerminal;
        timer = isTerminal ? new Timer(_ => Refresh(), null, 200, 200) : null;
    }

    public void Report(CellProgress progress)
    {
        lock (gate)
        {
            if (progress.Elapsed is not { } elapsed)
            {
                running = progress;
                startedAt = Stopwatch.GetTimestamp();
                WriteRunning();
                return;
            }

            running = null;
            string outcome = progress.Error is null ? "ok" : $"failed: {progress.Error.Name}";
            output.WriteLine($"{(isTerminal ? "\r\u001b[K" : "")}{Line(progress, elapsed)}  {outcome}");
            output.Flush();
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Refresh()
    {
        lock (gate)
        {
            WriteRunning();
        }
    }

    private void WriteRunning()
    {
        if (isTerminal && running is not null)
        {
            output.Write($"\r\u001b[K{Line(running, Stopwatch.GetElapsedTime(startedAt))}  …");
            output.Flush();
        }
    }

    private string Line(CellProgress progress, TimeSpan elapsed)
    {
        int width = Math.Max(NarrowestText, (isTerminal ? TerminalWidth() : 100) - 40);
        string text = FirstLine(progress.Cell.RunnableSource);
        text = text.Length > width ? string.Concat(text.AsSpan(0, width - 1), "…") : text;
        string count = progress.Count.ToString(CultureInfo.InvariantCulture);
        string index = progress.Index.ToString(CultureInfo.InvariantCulture).PadLeft(count.Length);
        string seconds = elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        return $"[{index}/{count}] {text.PadRight(width)} {seconds,8} s";
    }

    /// <summary>The first line that says something, without control characters a terminal might obey.</summary>
    internal static string FirstLine(string source)
    {
        string line = source.Split('\n').Select(candidate => candidate.Trim()).FirstOrDefault(candidate => candidate.Length > 0) ?? "";
        return string.Concat(line.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
