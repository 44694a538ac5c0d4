using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>The machine code of a grid program for one vector width and one way its views lie in memory, made when first needed.</summary>
internal sealed class GridCode
{
    /// <summary>The most vectors in flight.</summary>
    private const int MostCopies = 4;

    /// <summary>The most vector operations emitted: beyond, compile time climbs faster than speed.</summary>
    private const int MostOperations = 400;

    private readonly Lock compiling = new();
    private GridLoop? wide;
    private GridLoop? streaming;
    private GridLoop? narrow;

    /// <param name="program">The program, optimised.</param>
    /// <param name="vectorBits">The width of its vectors.</param>
    /// <param name="unitDimensions">For each view, the dimension along which neighbours follow one another in memory, or -1.</param>
    /// <param name="safe">The statements that are known to stay in range.</param>
    /// <param name="together">The comparisons that are known to be the same for all items of a run of <paramref name="mostItems"/>.</param>
    /// <param name="mostItems">The most items in flight.</param>
    /// <param name="interior">The program within the stretch along X that launches tell, and the statements known to stay in range there.</param>
    public GridCode(
        GridProgram program,
        int vectorBits,
        IReadOnlyList<int> unitDimensions,
        IReadOnlySet<Statement> safe,
        IReadOnlySet<Node> together,
        int mostItems,
        (GridProgram Program, IReadOnlySet<Statement> Safe)? interior = null)
    {
        Plan = new(program, vectorBits, unitDimensions, safe, together, mostItems);
        WidePlan = interior is var (plain, plainlySafe)
            ? new(plain, vectorBits, unitDimensions, plainlySafe, together, mostItems, Plan.Accesses.Count(), isInterior: true)
            : Plan;
        var (pressure, operations, cost) = GridEmitter.Measure(WidePlan);
        (Operations, Pressure) = (operations, pressure);
        NanosecondsPerItem = 0.15 * Math.Max(1, cost) / WidePlan.Lanes;
        var registers = vectorBits == 512 ? 28 : 14;
        Copies = Math.Clamp(Math.Min(registers / Math.Max(1, pressure), MostOperations / Math.Max(1, operations)), 1, MostCopies);
        Copies = Copies == 3 ? 2 : Copies;
        while (Copies > 1 && (Step > mostItems || (!program.GroupExtents.IsEmpty && program.GroupExtents[0] % Step != 0)))
        {
            Copies /= 2;
        }
    }

    /// <summary>What the code is made from.</summary>
    public GridPlan Plan { get; }

    /// <summary>What the wide code is made from.</summary>
    public GridPlan WidePlan { get; }

    /// <summary>How many vectors the wide code, or that of groups, has in flight.</summary>
    public int Copies { get; }

    /// <summary>Items per turn of the wide code.</summary>
    public int Step => WidePlan.Lanes * Copies;

    /// <summary>Vector operations per vector, those in loops counted once.</summary>
    public int Operations { get; }

    /// <summary>The most values alive at once.</summary>
    public int Pressure { get; }

    /// <summary>A rough time per item on one core when views lie in the first-level cache and loops are short.</summary>
    public double NanosecondsPerItem { get; }

    /// <summary>The code for whole steps within a row.</summary>
    public GridLoop Wide => Volatile.Read(ref wide) ?? Compile(ref wide, () => new(WidePlan, Copies, isWide: true));

    /// <summary>As <see cref="Wide"/>, storing past the caches what can be (<see cref="GridPlan.Streamed"/>).</summary>
    public GridLoop Streaming => Volatile.Read(ref streaming) ?? Compile(ref streaming, () => new(WidePlan, Copies, isWide: true, isStreaming: true));

    /// <summary>The code for any stretch of a row.</summary>
    public GridLoop Narrow => Volatile.Read(ref narrow) ?? Compile(ref narrow, () => new(Plan, Plan.Groups is null ? 1 : Copies, isWide: false));

    /// <summary>What has been emitted until now.</summary>
    public IEnumerable<IEmittedLoop> Loops => new[] { Volatile.Read(ref wide), Volatile.Read(ref streaming), Volatile.Read(ref narrow) }.OfType<IEmittedLoop>();

    /// <summary>The memory that the access of a number reaches.</summary>
    public MemoryOperand Operand(int number) => (Plan.Operand(number) ?? WidePlan.Operand(number))!;

    private GridLoop Compile(ref GridLoop? loop, Func<GridLoop> make)
    {
        lock (compiling)
        {
            if (loop is null)
            {
                Volatile.Write(ref loop, make());
            }

            return loop!;
        }
    }
}
