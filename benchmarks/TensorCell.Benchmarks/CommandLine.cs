using System.Diagnostics.CodeAnalysis;

namespace TensorCell.Benchmarks;

/// <summary>What the user asked for.</summary>
/// <param name="Suites">The suites to run, in order.</param>
/// <param name="Options">How to run them.</param>
/// <param name="JsonPath">Where JSON lines go; null writes none.</param>
/// <param name="Only">What the names of the cases to run contain; null runs all.</param>
/// <param name="WantsHelp">Whether the user only asks how to ask.</param>
public sealed record CommandLine(IReadOnlyList<ISuite> Suites, SuiteOptions Options, string? JsonPath, string? Only, bool WantsHelp)
{
    /// <summary>Whether a case is asked for.</summary>
    public bool Wants(string name) => Only is null || name.Contains(Only, StringComparison.OrdinalIgnoreCase);

    /// <summary>How to ask.</summary>
    public static string Usage(IEnumerable<ISuite> suites) =>
        "usage: benchmarks/run.sh SUITE... [--json FILE] [--only TEXT] [--quick]\n"
        + string.Join('\n', suites.Select(suite => $"  {suite.Name,-14}{suite.Description}")) + "\n"
        + "  --json FILE   write JSON lines too: suite, case, system, median_s, iqr_s, runs, threads, peak_bytes\n"
        + "  --only TEXT   only the cases whose names contain that text\n"
        + "  --quick       a glance: fewer rounds, and the longest cases left out";

    /// <summary>Reads the arguments.</summary>
    public static bool TryParse(
        string[] arguments,
        IReadOnlyList<ISuite> suites,
        [NotNullWhen(true)] out CommandLine? command,
        [NotNullWhen(false)] out string? complaint)
    {
        command = null;
        complaint = null;
        var asked = new List<ISuite>();
        string? json = null;
        string? only = null;
        bool isQuick = false, wantsHelp = false;
        for (var i = 0; i < arguments.Length && complaint is null; i++)
        {
            switch (arguments[i])
            {
                case "--quick":
                    isQuick = true;
                    break;
                case "--help" or "-h":
                    wantsHelp = true;
                    break;
                case "--json" when i + 1 < arguments.Length:
                    json = arguments[++i];
                    break;
                case "--json":
                    complaint = "--json wants a file";
                    break;
                case "--only" when i + 1 < arguments.Length:
                    only = arguments[++i];
                    break;
                case "--only":
                    complaint = "--only wants a part of cases' names";
                    break;
                case var name when suites.FirstOrDefault(suite => suite.Name == name) is { } suite:
                    asked.Add(suite);
                    break;
                default:
                    complaint = $"no suite or option is called {arguments[i]}";
                    break;
            }
        }

        if (complaint is null && asked.Count == 0 && !wantsHelp)
        {
            complaint = "which suite?";
        }

        if (complaint is not null)
        {
            return false;
        }

        var folder = Environment.GetEnvironmentVariable("TENSORCELL_BENCHMARKS") ?? Path.GetFullPath("benchmarks");
        command = new CommandLine(asked, new SuiteOptions(isQuick, folder, Path.Combine(folder, "out")), json, only, wantsHelp);
        return true;
    }
}
