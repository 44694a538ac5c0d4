namespace TensorCell.Benchmarks;

/// <summary>A set of cases that are asked for together: one file in Suites, listed in Program.cs.</summary>
public interface ISuite
{
    /// <summary>The word that asks for it on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in a line.</summary>
    string Description { get; }

    /// <summary>Its cases, in the order they run.</summary>
    IEnumerable<BenchmarkCase> Cases(SuiteOptions options);
}
