using System.Diagnostics;

namespace TensorCell.Jupyter.Tests;

/// <summary>The <c>tensorcell</c> tool that was built with these tests.</summary>
internal static class Tool
{
    /// <summary>The tool where its own project puts it, as users run it; beside these tests when it is not there.</summary>
    public static string Path { get; } = Find();

    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments) =>
        new(Path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    /// <summary>Runs the tool to its end.</summary>
    /// <returns>Its exit code, and stdout followed by stderr.</returns>
    public static (int Code, string Output) Run(params IEnumerable<string> arguments) => Run(StartInfo(arguments));

    /// <inheritdoc cref="Run(IEnumerable{string})"/>
    public static (int Code, string Output) Run(TimeSpan limit, params IEnumerable<string> arguments) => Run(StartInfo(arguments), limit);

    public static (int Code, string Output) Run(ProcessStartInfo start, TimeSpan? limit = null)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(limit ?? TimeSpan.FromSeconds(90)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>Runs a program to its end; it must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public static string Succeed(ProcessStartInfo start)
    {
        (int code, string output) = Run(start);
        Assert.True(code == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}:\n{output}");
        return output;
    }

    private static string Find()
    {
        // …/tests/TensorCell.Jupyter.Tests/bin/Release/net10.0/
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        string name = OperatingSystem.IsWindows() ? "tensorcell.exe" : "tensorcell";
        if (here is { Parent: { Parent.Parent.Parent.Parent: { } root } configuration })
        {
            string built = System.IO.Path.Combine(
                root.FullName, "src", "TensorCell.Jupyter", "bin", configuration.Name, here.Name, name);
            if (File.Exists(built))
            {
                return built;
            }
        }

        return System.IO.Path.Combine(here.FullName, name);
    }
}
