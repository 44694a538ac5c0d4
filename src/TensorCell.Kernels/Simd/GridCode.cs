using System.Diagnostics;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>The machine code of a grid program for one vector width and one way its views lie in memory, made when first needed.</summary>
internal sealed class GridCode
{
    /// <summary>The most vectors in flight.</summary>
    private const int MostCopies = 4;

    /// <summary>The most vector operations emitted: beyond, compile time climbs faster than speed.</summary>
    private const int MostOperations = 400;

    private readonly Lock compiling = new();
    private readonly GridPlan plan;
    private readonly string name;
    private GridBody? wide;
    private GridBody? narrow;

    /// <param name="program">The program, as it was read.</param>
    /// <param name="vectorBits">The width of its vectors.</param>
    /// <param name="contraction">Whether products are contracted into sums.</param>
    /// <param name="unitDimensions">For each view, the dimension along which neighbours follow one another in memory, or -1.</param>
    /// <param name="safe">The numbers of accesses that are known to be in range.</param>
    public GridCode(GridProgram program, int vectorBits, bool contraction, IReadOnlyList<int> unitDimensions, IReadOnlySet<int> safe)
    {
        name = program.Name;
        plan = new(GridOptimizer.Optimize(program, contraction), vectorBits, unitDimensions, safe);
        var (pressure, operations) = GridEmitter.Measure(plan);
        Operations = operations;
        var registers = vectorBits == 512 ? 28 : 14;
        Copies = Math.Clamp(Math.Min(registers / Math.Max(1, pressure), MostOperations / Math.Max(1, operations)), 1, MostCopies);
        Copies = Copies == 3 ? 2 : Copies;
    }

    /// <summary>Where the code finds what it works on.</summary>
    public GridLayout Layout => plan.Layout;

    /// <summary>Items per vector.</summary>
    public int Lanes => plan.Lanes;

    /// <summary>How many vectors the wide code has in flight.</summary>
    public int Copies { get; }

    /// <summary>Items per turn of the wide code.</summary>
    public int Step => Lanes * Copies;

    /// <summary>Vector operations per vector, those in loops counted once.</summary>
    public int Operations { get; }

    /// <summary>The code for whole steps within a row.</summary>
    public GridBody Wide => Volatile.Read(ref wide) ?? Compile(ref wide, isWide: true);

    /// <summary>The code for any stretch of a row.</summary>
    public GridBody Narrow => Volatile.Read(ref narrow) ?? Compile(ref narrow, isWide: false);

    private GridBody Compile(ref GridBody? body, bool isWide)
    {
        lock (compiling)
        {
            if (body is { } made)
            {
                return made;
            }

            var start = Stopwatch.GetTimestamp();
            made = isWide ? GridEmitter.Wide(plan, Copies) : GridEmitter.Narrow(plan);
            Volatile.Write(ref body, made);
            if (Tracing.IsEnabled)
            {
                Tracing.Write(new(TraceKind.Compile, name, "cpu", start, Stopwatch.GetTimestamp(), 0, 0));
            }

            return made;
        }
    }
}
