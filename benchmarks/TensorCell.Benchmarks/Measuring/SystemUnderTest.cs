namespace TensorCell.Benchmarks;

/// <summary>One of the systems of a case.</summary>
/// <param name="Name"><see cref="TensorCell"/>, or the peer's name.</param>
/// <param name="Threads">Threads it may use.</param>
/// <param name="Start">Makes it ready to run the case; throws <see cref="MissingSystemException"/> when it is not installed.</param>
public sealed record SystemUnderTest(string Name, int Threads, Func<IRunner> Start)
{
    /// <summary>The name of the system that the targets are about.</summary>
    public const string TensorCell = "tensorcell";
}
