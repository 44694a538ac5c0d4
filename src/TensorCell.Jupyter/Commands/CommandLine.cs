using System.CommandLine;

namespace TensorCell.Jupyter.Commands;

/// <summary>The command line of the <c>tensorcell</c> tool.</summary>
internal static class CommandLine
{
    /// <summary>Exit code when everything asked for was done.</summary>
    public const int Success = 0;

    /// <summary>Exit code when a cell failed, or something asked for could not be done.</summary>
    public const int Failure = 1;

    /// <summary>Exit code when the command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Runs the command that the arguments name.</summary>
    public static int Run(string[] arguments)
    {
        var root = new RootCommand("TensorCell: C# notebooks at hardware speed. A Jupyter kernel, and a runner that needs no Jupyter.")
        {
            RunCommand.Create(),
            InstallCommand.Create(),
            DeviceCommand.Create(),
            JupyterCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 || (arguments.Length == 0 && code != Success) ? Usage : code;
    }

    /// <summary>Tells on stderr what could not be done.</summary>
    public static int Fail(string message, int code = Failure)
    {
        Console.Error.WriteLine($"tensorcell: {message}");
        return code;
    }
}
