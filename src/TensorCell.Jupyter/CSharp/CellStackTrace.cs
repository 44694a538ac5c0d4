using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Tells of an exception by the lines of the user's own cells.</summary>
internal static partial class CellStackTrace
{
    private const int MostFrames = 20;
    private const int MostCauses = 8;

    /// <summary>The exception, its frames in cells with the code they stand on, and its causes.</summary>
    public static IReadOnlyList<string> Describe(Exception exception)
    {
        var lines = new List<string>();
        string prefix = "";
        int causes = 0;
        for (Exception? error = exception; error is not null && causes < MostCauses; error = error.InnerException, causes++)
        {
            string[] message = MessageOf(error).Split('\n');
            lines.Add($"{prefix}{error.GetType().Name}: {message[0].TrimEnd('\r')}");
            lines.AddRange(message.Skip(1).Select(line => line.TrimEnd('\r')));
            AddFrames(lines, error);
            prefix = "caused by ";
        }

        return lines;
    }

    /// <summary>What went wrong, in words that help where the runtime's own do not.</summary>
    public static string MessageOf(Exception exception) => exception switch
    {
        InsufficientExecutionStackException =>
            "Stack overflow: the calls went too deep. Look for a recursion that never ends, or make a deep one a loop.",
        OutOfMemoryException => $"Out of memory: {Memory()}. Set large variables to null, or work on smaller parts.",
        _ => exception.Message,
    };

    /// <summary>Where the cells live whose code is innermost in the exception's trace; null when it came through no cell.</summary>
    public static SubmissionLoader? SessionOf(Exception exception) =>
        new StackTrace(exception).GetFrames()
            .Where(frame => SymbolsOf(frame) is not null)
            .Select(frame => AssemblyLoadContext.GetLoadContext(frame.GetMethod()!.Module.Assembly) as SubmissionLoader)
            .FirstOrDefault();

    private static string Memory()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return $"the process holds {memory.HeapSizeBytes >> 20} MB of objects, and its limit is {memory.TotalAvailableMemoryBytes >> 20} MB";
    }

    private static void AddFrames(List<string> lines, Exception exception)
    {
        var frames = new StackTrace(exception).GetFrames()
            .Select(frame => (Frame: frame, Symbols: SymbolsOf(frame)))
            .Where(frame => frame.Symbols is not null)
            .ToArray();
        foreach ((StackFrame frame, CellSymbols? symbols) in frames.Length <= MostFrames ? frames : [.. frames[..MostFrames]])
        {
            if (symbols!.LineOf(frame) is > 0 and int line && line <= symbols.Source.Lines.Count)
            {
                string function = NameOf(frame.GetMethod()!);
                lines.Add($"   at {(function.Length > 0 ? function + " in " : "")}{symbols.Path}, line {line}");
                lines.Add($"      {line} | {symbols.Source.Lines[line - 1].ToString().Trim()}");
            }
        }

        if (frames.Length > MostFrames)
        {
            lines.Add($"   … {frames.Length - MostFrames} more frames");
        }
    }

    private static CellSymbols? SymbolsOf(StackFrame frame) =>
        frame.GetMethod()?.Module.Assembly is { } assembly ? SubmissionLoader.SymbolsOf(assembly) : null;

    /// <summary>The function's name as written; empty for the top level of a cell.</summary>
    private static string NameOf(MethodBase method)
    {
        Type? type = method.DeclaringType;
        string name = method.Name;
        if (type is not null && StateMachine().Match(type.Name) is { Success: true } machine)
        {
            name = machine.Groups[1].Value;
            type = type.DeclaringType;
        }

        if (LocalFunction().Match(name) is { Success: true } local)
        {
            name = local.Groups[1].Value;
        }
        else if (Lambda().Match(name) is { Success: true } lambda)
        {
            string outer = lambda.Groups[1].Value;
            name = outer is "<Initialize>" or "" ? "a lambda" : $"a lambda of {outer}";
        }

        while (type is not null && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        bool isTop = type is null || type.Name.StartsWith("Submission#", StringComparison.Ordinal);
        return name switch
        {
            "<Initialize>" or "<Main>" or "<Factory>" => "",
            ".ctor" or ".cctor" => isTop ? "" : "new " + type!.Name,
            _ => isTop || name.StartsWith("a lambda", StringComparison.Ordinal) ? name : $"{type!.Name}.{name}",
        };
    }

    [GeneratedRegex("^<(.*)>d__")]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"^<.*>g__(.+)\|")]
    private static partial Regex LocalFunction();

    [GeneratedRegex("^<(.*)>b__")]
    private static partial Regex Lambda();
}
