using System.Diagnostics;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>A grid program at one vector width, optimised: what kernels of the same structure share.</summary>
internal sealed class GridVersion
{
    /// <summary>How many different launches are remembered.</summary>
    private const int MostLaunches = 16;

    /// <summary>How many different launches are analysed.</summary>
    private const int MostAnalyses = 64;

    /// <summary>How many forms of code are made before accesses are checked whatever the analysis says.</summary>
    private const int MostCodes = 6;

    private readonly Lock compiling = new();
    private List<(UInt128 Units, HashSet<Statement> Safe, HashSet<Node> Together, int Items, GridCode Code)> codes = [];
    private (long[] Facts, GridCode Code)[] launches = [];
    private int analyses;

    private GridVersion(GridProgram program, int bits, bool contraction)
    {
        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        (Program, Bits, Contraction) = (GridOptimizer.Optimize(program, contraction), bits, contraction);
        if (start != 0)
        {
            Tracing.Write(new(TraceKind.Compile, program.Name, "cpu", start, Stopwatch.GetTimestamp(), 0, 0));
        }
    }

    /// <summary>The program, optimised.</summary>
    public GridProgram Program { get; }

    /// <summary>The width of its vectors.</summary>
    public int Bits { get; }

    /// <summary>Whether products were contracted into sums.</summary>
    public bool Contraction { get; }

    /// <summary>What was compiled until now.</summary>
    public IReadOnlyList<GridCode> Codes => [.. Volatile.Read(ref codes).Select(known => known.Code)];

    /// <summary>The version of a program for a width, shared with programs of the same structure.</summary>
    public static GridVersion Of(GridProgram program, int bits, bool contraction) => CodeCache.Get(
        StructuralKey.Of(program, bits, contraction), () => new GridVersion(GivenCaptures.Of(program), bits, contraction));

    /// <summary>The code for a launch: for how its views lie in memory, and for which accesses its extents show to stay in range.</summary>
    public GridCode Code(in GridBinding binding, Extent extent)
    {
        Span<long> facts = stackalloc long[binding.FactCount];
        binding.WriteFacts(facts, extent);
        foreach (var launch in Volatile.Read(ref launches))
        {
            if (facts.SequenceEqual(launch.Facts))
            {
                return launch.Code;
            }
        }

        return Code(binding, extent, facts.ToArray());
    }

    private GridCode Code(in GridBinding binding, Extent extent, long[] facts)
    {
        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;

        // A kernel launched with ever other numbers would be analysed every time.
        var isAnalysed = Interlocked.Increment(ref analyses) <= MostAnalyses;
        HashSet<Statement> safe = Program.Unchecked || !isAnalysed ? [] : Safe(binding, extent);
        var (together, items) = Program.GroupExtents.IsEmpty || !isAnalysed ? ([], GridLayout.MostItems) : Together(binding, extent);
        var units = binding.UnitDimensions;
        lock (compiling)
        {
            (safe, together, items) = codes.Count < MostCodes ? (safe, together, items) : ([], [], GridLayout.MostItems);
            var code = codes.Find(known => known.Units == units && known.Safe.SetEquals(safe) && known.Together.SetEquals(together) && known.Items == items).Code;
            if (code is null)
            {
                int[] dimensions = [.. Enumerable.Range(0, Program.Views.Length).Select(view => (int)((uint)(units >> (4 * view)) & 15) - 1)];
                code = new(Program, Bits, dimensions, safe, together, items);
                codes = [.. codes, (units, safe, together, items, code)];
            }

            Volatile.Write(ref launches, [(facts, code), .. launches.Take(MostLaunches - 1)]);
            if (start != 0)
            {
                Tracing.Write(new(TraceKind.Compile, Program.Name, "cpu", start, Stopwatch.GetTimestamp(), 0, 0));
            }

            return code;
        }
    }

    private HashSet<Statement> Safe(in GridBinding binding, Extent extent)
    {
        var (views, uniforms) = (binding.Views, binding.Uniforms);
        return Ranges.Safe(
            Program, [extent.X, extent.Y, extent.Z], (view, dimension) => views[view.Index].Length(dimension), index => uniforms[index]);
    }

    private (HashSet<Node> Comparisons, int Items) Together(in GridBinding binding, Extent extent)
    {
        var (views, uniforms) = (binding.Views, binding.Uniforms);
        return Alignment.Of(Program, node => node switch
        {
            UniformNode given => uniforms[given.Index].Bits,
            LengthNode asked => views[asked.View.Index].Length(asked.Dimension),
            IndexNode { Kind: IndexKind.Extent } index => index.Axis == 0 ? extent.X : index.Axis == 1 ? extent.Y : extent.Z,
            _ => null,
        });
    }
}
