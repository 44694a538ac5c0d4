using System.Diagnostics;
using System.Text;

namespace TensorCell.Inference.Tests.Onnx;

/// <summary>Explicit tests run in a process of their own: for what may end the process, and for what is read once from its environment.</summary>
internal static class ChildProcess
{
    /// <summary>Runs an explicit test of this assembly.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="environment">Variables to set.</param>
    /// <returns>The exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Output)> RunAsync(string method, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(
            Environment.ProcessPath!, [typeof(ChildProcess).Assembly.Location, "-explicit", "only", "-method", $"*.{method}", "-noLogo", "-noColor"])
        {
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>Writes a line at once, past the test runner.</summary>
    public static void Report(string line)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        output.Flush();
    }
}
