namespace TensorCell.Benchmarks.Suites;

/// <summary>What a notebook's user waits for, over the real Jupyter protocol.</summary>
public sealed class NotebookSuite : ISuite
{
    private const string Python = "/usr/bin/python3";

    /// <inheritdoc/>
    public string Name => "notebook";

    /// <inheritdoc/>
    public string Description => "start of the kernel, its first cell and a trivial warm cell, through Jupyter's own client, against ipykernel";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkCase> Cases(SuiteOptions options) =>
    [
        new("from start to ready", Systems(options, "ready"), [Target.Within(1), Target.AtLeast(1, "ipykernel")]) { WarmsUp = false, MostRounds = 10 },
        new("first cell of a kernel just ready", Systems(options, "first"), [Target.Within(1.5)]) { WarmsUp = false, MostRounds = 10 },
        new("trivial cell of a warm kernel", Systems(options, "warm"), [Target.Within(0.015)]),
    ];

    private static SystemUnderTest[] Systems(SuiteOptions options, string what) =>
    [
        new(SystemUnderTest.TensorCell, Environment.ProcessorCount, () => Start(options, SystemUnderTest.TensorCell, what, TensorCellCommand(options))),
        new("ipykernel", 1, () => Start(options, "ipykernel", what, [Python, "-m", "ipykernel_launcher", "-f", "{connection_file}"])),
    ];

    private static ProcessRunner Start(SuiteOptions options, string name, string what, string[] command) => ProcessRunner.Start(
        name,
        [Python, Path.Combine(options.Folder, "peers", "notebook_peer.py"), what, "{} + 1", .. command],
        new Dictionary<string, string> { ["PYTHONDONTWRITEBYTECODE"] = "1", ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1" });

    /// <summary>The kernel as <c>tensorcell install</c> tells Jupyter to start it.</summary>
    private static string[] TensorCellCommand(SuiteOptions options)
    {
        var folder = Path.GetFullPath(Path.Combine(options.Folder, "..", "src", "TensorCell.Jupyter", "bin", "Release", "net10.0"));
        var executable = Path.Combine(folder, OperatingSystem.IsWindows() ? "tensorcell.exe" : "tensorcell");
        return File.Exists(executable)
            ? [executable, "jupyter", "{connection_file}"]
            : throw new MissingSystemException($"{executable} is not there; build Extension.sln in Release");
    }
}
