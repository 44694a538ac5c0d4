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
    private readonly Dictionary<string, GridProgram> interiors = [];
    private List<(UInt128 Units, Findings Findings, GridCode Code)> codes = [];
    private (long[] Facts, (int Low, int High) Interior, GridCode Code)[] launches = [];
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

    /// <summary>The code for a launch: for how its views lie in memory, and for what its extents show of its accesses and its branches.</summary>
    /// <param name="binding">The launch's arguments.</param>
    /// <param name="extent">Its items.</param>
    /// <param name="interior">From which item along X on, and before which, the wide code holds.</param>
    public GridCode Code(in GridBinding binding, Extent extent, out (int Low, int High) interior)
    {
        Span<long> facts = stackalloc long[binding.FactCount];
        binding.WriteFacts(facts, extent);
        foreach (var launch in Volatile.Read(ref launches))
        {
            if (facts.SequenceEqual(launch.Facts))
            {
                interior = launch.Interior;
                return launch.Code;
            }
        }

        return Code(binding, extent, facts.ToArray(), out interior);
    }

    private GridCode Code(in GridBinding binding, Extent extent, long[] facts, out (int Low, int High) interior)
    {
        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;

        // A kernel launched with ever other numbers would be analysed every time.
        var isAnalysed = Interlocked.Increment(ref analyses) <= MostAnalyses;
        lock (compiling)
        {
            var findings = isAnalysed && codes.Count < MostCodes ? Analyse(binding, extent, out interior) : Findings.Nothing(out interior);
            var units = binding.UnitDimensions;
            var code = codes.Find(known => known.Units == units && known.Findings.Fits(findings)).Code;
            if (code is null)
            {
                int[] dimensions = [.. Enumerable.Range(0, Program.Views.Length).Select(view => (int)((uint)(units >> (4 * view)) & 15) - 1)];
                code = new(
                    Program,
                    Bits,
                    dimensions,
                    findings.Safe,
                    findings.Together,
                    findings.Items,
                    findings.Interior is { } plain ? (plain, findings.InteriorSafe) : null);
                codes = [.. codes, (units, findings, code)];
            }

            Volatile.Write(ref launches, [(facts, interior, code), .. launches.Take(MostLaunches - 1)]);
            if (start != 0)
            {
                Tracing.Write(new(TraceKind.Compile, Program.Name, "cpu", start, Stopwatch.GetTimestamp(), 0, 0));
            }

            return code;
        }
    }

    /// <summary>What the numbers of a launch tell.</summary>
    private Findings Analyse(in GridBinding binding, Extent extent, out (int Low, int High) interior)
    {
        var (views, uniforms) = (binding.Views, binding.Uniforms);
        int[] extents = [extent.X, extent.Y, extent.Z];
        var findings = Findings.Nothing(out interior) with { Safe = Safe(Program, null) };
        if (!Program.GroupExtents.IsEmpty)
        {
            var (together, items) = Alignment.Of(Program, Given);
            return findings with { Together = together, Items = items };
        }

        if (Passes.Interior.Find(Program, extent.X, Given) is not var (choices, low, high))
        {
            return findings;
        }

        if (!interiors.TryGetValue(choices, out var plain))
        {
            interiors.Add(choices, plain = Passes.Interior.Apply(Program, choices));
        }

        interior = (low, high);
        return findings with { Interior = plain, InteriorSafe = Safe(plain, new(low, high - 1)) };

        HashSet<Statement> Safe(GridProgram program, Interval? along) => program.Unchecked
            ? []
            : Ranges.Safe(program, extents, (view, dimension) => views[view.Index].Length(dimension), index => uniforms[index], along);

        long? Given(Node node) => node switch
        {
            UniformNode given => uniforms[given.Index].Bits,
            LengthNode asked => views[asked.View.Index].Length(asked.Dimension),
            IndexNode { Kind: IndexKind.Extent } index => extents[index.Axis],
            _ => null,
        };
    }

    /// <summary>What code is made from beside the program: launches of which the same was found share it.</summary>
    /// <param name="Safe">The statements that stay in range.</param>
    /// <param name="Together">The comparisons that are the same for whole runs of items.</param>
    /// <param name="Items">The length of those runs.</param>
    /// <param name="Interior">The program within a stretch along X, or null.</param>
    /// <param name="InteriorSafe">The statements of that which stay in range.</param>
    private sealed record Findings(HashSet<Statement> Safe, HashSet<Node> Together, int Items, GridProgram? Interior, HashSet<Statement> InteriorSafe)
    {
        public static Findings Nothing(out (int Low, int High) interior)
        {
            interior = (0, int.MaxValue);
            return new([], [], GridLayout.MostItems, null, []);
        }

        public bool Fits(Findings other) => Safe.SetEquals(other.Safe) && Together.SetEquals(other.Together) && Items == other.Items
            && Interior == other.Interior && InteriorSafe.SetEquals(other.InteriorSafe);
    }
}
