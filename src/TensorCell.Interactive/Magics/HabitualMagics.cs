namespace TensorCell.Interactive.Magics;

/// <summary>Commands of IPython typed by habit, and what to type here instead.</summary>
internal static class HabitualMagics
{
    private static readonly Dictionary<string, string> magics = new(StringComparer.Ordinal)
    {
        ["time"] = "#!time above the code",
        ["timeit"] = "#!bench above the code",
        ["prun"] = "#!bench above the code",
        ["who"] = "#!whos",
        ["whos"] = "#!whos",
        ["lsmagic"] = "#!lsmagic",
        ["magic"] = "#!lsmagic",
        ["python"] = "#!python above the code",
        ["python3"] = "#!python above the code",
        ["html"] = "#!html above the text",
        ["HTML"] = "#!html above the text",
        ["markdown"] = "#!markdown above the text",
        ["javascript"] = "#!javascript above the code",
        ["js"] = "#!javascript above the code",
        ["pip"] = "#r \"nuget: PACKAGE\" for a .NET package; Python packages are installed outside the notebook",
        ["conda"] = "#r \"nuget: PACKAGE\" for a .NET package; Python packages are installed outside the notebook",
        ["matplotlib"] = "nothing: charts show inline by themselves, as Chart.Line(values)",
        ["load_ext"] = "#r \"nuget: PACKAGE\", which loads a package's magics with it",
    };

    private static readonly string[] commands =
        ["pip", "pip3", "conda", "python", "python3", "ls", "cd", "cat", "apt", "apt-get", "wget", "curl", "git", "dotnet", "npm", "nvidia-smi", "mkdir", "rm"];

    /// <summary>What to tell someone who typed such a line; null when it is none.</summary>
    public static string? Advice(string line)
    {
        var word = line.AsSpan().TrimEnd();
        var end = word.IndexOfAny(' ', '\t');
        var command = (end < 0 ? word : word[..end]).ToString();
        if (command.StartsWith('%'))
        {
            return magics.TryGetValue(command.TrimStart('%'), out var instead)
                ? $"{command}: this is C#, whose magics begin with #!; use {instead}"
                : null;
        }

        if (!command.StartsWith('!') || !commands.Contains(command[1..]) || (end < 0 && command is not ("!ls" or "!nvidia-smi")))
        {
            return null;
        }

        var advice = magics.GetValueOrDefault(command[1..].TrimEnd('3'))
            ?? (command == "!nvidia-smi" ? "#!device" : "System.Diagnostics.Process.Start, or a terminal");
        return $"{command}: a C# cell runs no shell commands; use {advice}";
    }
}
