using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TensorCell.Jupyter.Commands;

/// <summary><c>tensorcell run</c>: runs a notebook without Jupyter and writes what came of it.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var notebook = new Argument<string>("NOTEBOOK") { Description = "The notebook to run: .ipynb or .dib." };
        var output = new Option<string[]>("--output", "-o")
        {
            Description = "Where to write the executed notebook: a .html page, or .ipynb or .dib. May be given several times. "
                + "[default: a page named after the notebook, in the current directory]",
            HelpName = "FILE",
        };
        var open = new Option<bool>("--open") { Description = "Open the page in the browser when it is written." };
        var timeout = new Option<double?>("--timeout") { Description = "Interrupt a cell that runs longer than this.", HelpName = "SECONDS" };
        timeout.CustomParser = ParseSeconds;
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Go on after a cell that failed." };
        var parameter = new Option<string[]>("--parameter", "-p")
        {
            Description = "Set a variable, after the cell tagged 'parameters' or before the first cell. May be given several times.",
            HelpName = "NAME=VALUE",
        };
        var command = new Command(
            "run",
            "Run every cell of a notebook and write its outputs. Exit code 0: all cells ran; 1: a cell failed (the output is written all the same); 2: usage.")
        {
            notebook, output, open, timeout, allowErrors, parameter,
        };
        command.Validators.Add(result =>
        {
            foreach (string given in result.GetValue(parameter) ?? [])
            {
                if (given.IndexOf('=', StringComparison.Ordinal) < 1)
                {
                    result.AddError($"--parameter {given}: write NAME=VALUE.");
                }
            }

            foreach (string path in result.GetValue(output) ?? [])
            {
                if (!NotebookRun.OutputExtensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
                {
                    result.AddError($"--output {path}: use a name that ends in {string.Join(", ", NotebookRun.OutputExtensions)}.");
                }
            }
        });
        command.SetAction(parsed => new NotebookRun
        {
            Notebook = parsed.GetRequiredValue(notebook),
            Outputs = parsed.GetValue(output) ?? [],
            OpensPage = parsed.GetValue(open),
            Timeout = parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            AllowsErrors = parsed.GetValue(allowErrors),
            Parameters = [.. (parsed.GetValue(parameter) ?? []).Select(given => given.Split('=', 2)).Select(parts => (parts[0], parts[1]))],
        }.Execute());
        return command;
    }

    private static double? ParseSeconds(ArgumentResult argument)
    {
        string given = argument.Tokens[0].Value;
        if (double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds > 0 && seconds < int.MaxValue / 1000)
        {
            return seconds;
        }

        argument.AddError($"--timeout {given}: give a number of seconds greater than 0.");
        return null;
    }
}
