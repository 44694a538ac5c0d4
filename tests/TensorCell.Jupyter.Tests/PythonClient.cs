using System.Diagnostics;
using System.Text;

namespace TensorCell.Jupyter.Tests;

/// <summary>Runs the scripts of the folder Clients in Debian's Python, whose packages hold the real clients.</summary>
internal static class PythonClient
{
    private const string Python = "/usr/bin/python3";

    private static readonly Dictionary<string, bool> known = [];

    /// <summary>Skips the running test when a module is missing.</summary>
    public static void Need(params string[] modules)
    {
        foreach (string module in modules)
        {
            Assert.SkipUnless(IsThere(module), $"Debian's python3-{module.Replace('_', '-')} is not installed");
        }
    }

    /// <summary>Starts a script.</summary>
    public static Process Start(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Clients", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for a script that must succeed.</summary>
    /// <returns>What it wrote to stdout.</returns>
    public static string Finish(Process process, double seconds = 90)
    {
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the script did not end within {seconds} s\n{errors}");
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"the script failed:\n{output.Result}\n{errors}");
        return output.Result;
    }

    private static bool IsThere(string module)
    {
        lock (known)
        {
            if (!known.TryGetValue(module, out bool isThere))
            {
                isThere = File.Exists(Python) && ExitCodeOf(module) == 0;
                known.Add(module, isThere);
            }

            return isThere;
        }
    }

    private static int ExitCodeOf(string module)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
