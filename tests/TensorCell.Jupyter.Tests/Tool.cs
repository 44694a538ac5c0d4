using System.Diagnostics;

namespace TensorCell.Jupyter.Tests;

/// <summary>The <c>tensorcell</c> tool that was built with these tests.</summary>
internal static class Tool
{
    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments) =>
        new(Path.Combine(AppContext.BaseDirectory, "tensorcell"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    /// <summary>Runs the tool to its end.</summary>
    /// <returns>Its exit code, and stdout followed by stderr.</returns>
    public static (int Code, string Output) Run(params IEnumerable<string> arguments) => Run(StartInfo(arguments));

    public static (int Code, string Output) Run(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(90)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"tensorcell {string.Join(' ', start.ArgumentList)} did not end");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
