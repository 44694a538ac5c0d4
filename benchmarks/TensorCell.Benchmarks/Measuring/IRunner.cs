namespace TensorCell.Benchmarks;

/// <summary>A system that is ready to run one case, again and again.</summary>
public interface IRunner : IDisposable
{
    /// <summary>A number computed from the result, which all systems of a case must agree on; null where there is none.</summary>
    double? Check { get; }

    /// <summary>The most memory it has held so far, in bytes.</summary>
    long PeakBytes { get; }

    /// <summary>Runs the case so many times; the seconds each took.</summary>
    IReadOnlyList<double> Run(int times);
}
