using System.ComponentModel;
using System.Diagnostics;

namespace TensorCell.Interactive.Python;

/// <summary>Finds the Python to use.</summary>
internal static class PythonFinder
{
    /// <summary>The environment variable that names the Python to use.</summary>
    public const string Variable = "TENSORCELL_PYTHON";

    private static readonly Lock gate = new();
    private static (string Key, string? Path)? found;

    /// <summary>
    /// What <c>TENSORCELL_PYTHON</c> names; else the first <c>python3</c> on the path, or in /usr/bin, that has NumPy; else the first that
    /// runs. Remembered until the environment changes.
    /// </summary>
    /// <exception cref="PythonMissingException">There is none, or the one named does not run.</exception>
    public static string Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (!string.IsNullOrEmpty(named))
        {
            if (Probe(named) is Suitability.None)
            {
                Throw.PythonMissing(
                    $"python: {Variable} names {named}, which does not run as Python 3; set it to a Python 3.8 or later, or unset it to search the PATH");
            }

            return named;
        }

        lock (gate)
        {
            if (found?.Key != path)
            {
                found = (path, Search(path));
            }

            if (found.Value.Path is null)
            {
                Throw.PythonMissing(
                    $"python: no python3 runs from the PATH ({path}); install Python 3 and NumPy, or set {Variable} to an interpreter");
            }

            return found.Value.Path;
        }
    }

    /// <summary>The interpreters to try, in order.</summary>
    public static IEnumerable<string> Candidates(string path)
    {
        string[] names = OperatingSystem.IsWindows() ? ["python3.exe", "python.exe"] : ["python3", "python"];
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return names
            .SelectMany(name => folders.Append("/usr/bin").Select(folder => Path.Combine(folder, name)))
            .Where(File.Exists)
            .Distinct();
    }

    private static string? Search(string path)
    {
        string? running = null;
        foreach (var candidate in Candidates(path))
        {
            switch (Probe(candidate))
            {
                case Suitability.WithNumPy:
                    return candidate;
                case Suitability.Plain:
                    running ??= candidate;
                    break;
            }
        }

        return running;
    }

    private static Suitability Probe(string executable)
    {
        const string code =
            "import sys,importlib.util as u;sys.exit(9 if sys.version_info<(3,8) else 0 if u.find_spec('numpy') else 3)";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(executable, ["-c", code])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                process.Kill();
                return Suitability.None;
            }

            return process.ExitCode switch { 0 => Suitability.WithNumPy, 3 => Suitability.Plain, _ => Suitability.None };
        }
        catch (Win32Exception)
        {
            return Suitability.None;
        }
    }

    private enum Suitability
    {
        None,
        Plain,
        WithNumPy,
    }
}
