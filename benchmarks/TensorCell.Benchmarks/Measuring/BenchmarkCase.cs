namespace TensorCell.Benchmarks;

/// <summary>One piece of work that several systems do, turn by turn.</summary>
/// <param name="Name">Such as <c>matmul f32 1024, 2 threads</c>.</param>
/// <param name="Systems">TensorCell and its peers.</param>
/// <param name="Targets">What TensorCell must reach, from DESIGN.md; none if it promises nothing.</param>
public sealed record BenchmarkCase(string Name, IReadOnlyList<SystemUnderTest> Systems, IReadOnlyList<Target> Targets)
{
    /// <summary>Whether a turn begins with a run that is not counted; not for what is about beginnings, such as start-up time.</summary>
    public bool WarmsUp { get; init; } = true;

    /// <summary>The most rounds; fewer when they would take too long.</summary>
    public int MostRounds { get; init; } = 15;

    /// <summary>Floating-point operations of a run, for the table; 0 where they say nothing.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes that a run must at least read and write, for the table; 0 where they say nothing.</summary>
    public double Bytes { get; init; }
}
