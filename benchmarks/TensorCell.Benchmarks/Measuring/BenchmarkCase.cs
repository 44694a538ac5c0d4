using TensorCell.Kernels;

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

    /// <summary>How far apart systems' checks may be, relative to them; more where elements have few digits.</summary>
    public double CheckTolerance { get; init; } = 1e-3;

    /// <summary>Floating-point operations of a run, for the table; 0 where they say nothing.</summary>
    public double Flops { get; init; }

    /// <summary>The type that is computed in, by which the machine's limit is known.</summary>
    public DType Precision { get; init; } = DType.Float32;

    /// <summary>Bytes that a run must at least read and write, for the table; 0 where they say nothing.</summary>
    public double Bytes { get; init; }

    /// <summary>Whether next to nothing is written, so that the limit is that of reading.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>The most threads that any of its systems may use.</summary>
    public int Threads => Systems.Count == 0 ? 1 : Systems.Max(system => system.Threads);

    /// <summary>The share of the machine's limits that so many seconds are; null where the case tells neither operations nor bytes.</summary>
    public double? Share(double seconds, Func<int, MachineLimits> limits) => Flops + Bytes > 0 ? limits(Threads).Share(this, seconds) : null;

    /// <summary>The case with its bytes, half of which or all are read.</summary>
    public BenchmarkCase Moving(double bytes, bool onlyReads = false) => this with { Bytes = bytes, OnlyReads = onlyReads };
}
