namespace TensorCell.Benchmarks;

/// <summary>What a suite needs to know to make its cases.</summary>
/// <param name="IsQuick">Whether a glance is enough: fewer rounds, and the longest cases left out.</param>
/// <param name="Folder">The folder <c>benchmarks</c>, where peers lie.</param>
/// <param name="OutputFolder">The folder <c>benchmarks/out</c>, where setup.sh builds peers and suites may write.</param>
public sealed record SuiteOptions(bool IsQuick, string Folder, string OutputFolder);
