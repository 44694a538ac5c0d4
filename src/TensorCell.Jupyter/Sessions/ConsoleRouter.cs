using System.Text;

namespace TensorCell.Jupyter.Sessions;

/// <summary>Gives each cell its own console: what its code writes, on whichever thread, goes to its output.</summary>
internal sealed class ConsoleRouter : TextWriter
{
    private static readonly Lazy<bool> installed = new(InstallOnce);

    private static TextReader? input;

    private readonly string name;
    private readonly TextWriter fallback;

    private ConsoleRouter(string name, TextWriter fallback)
    {
        this.name = name;
        this.fallback = fallback;
    }

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Takes over the process's console, once; code outside cells keeps the real one.</summary>
    public static bool Install() => installed.Value;

    /// <summary>
    /// Takes the console's input over, again if it was set anew: whoever sets <see cref="Console.InputEncoding"/> puts the process's own
    /// input back.
    /// </summary>
    public static void ClaimInput()
    {
        lock (installed)
        {
            if (input is null || !ReferenceEquals(Console.In, input))
            {
                Console.SetIn(new ConsoleReader(Console.In));
                input = Console.In;
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (CellRun.Current is { } run)
        {
            if (!run.IsMuted)
            {
                run.Output.Stream(name, new string(buffer));
            }
        }
        else
        {
            fallback.Write(buffer);
        }
    }

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void WriteLine(ReadOnlySpan<char> buffer) => Write([.. buffer, '\n']);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override void WriteLine() => Write("\n");

    /// <inheritdoc/>
    public override void Flush()
    {
        if (CellRun.Current is null)
        {
            fallback.Flush();
        }
    }

    private static bool InstallOnce()
    {
        Console.SetOut(new ConsoleRouter("stdout", Console.Out) { NewLine = "\n" });
        Console.SetError(new ConsoleRouter("stderr", Console.Error) { NewLine = "\n" });
        return true;
    }
}
