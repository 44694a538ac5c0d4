using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>What code for a grid program is made from: where values are computed, how they differ between lanes, how many lanes there are.</summary>
internal sealed class GridPlan
{
    private readonly Dictionary<Statement, GridAccess> accesses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, bool> isOfRow = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, int> maskSizes = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyList<int> unitDimensions;
    private readonly IReadOnlySet<Statement> safe;
    private readonly int firstAccess;
    private List<GridAccess>? streamed;

    /// <param name="program">The program, optimised.</param>
    /// <param name="vectorBits">The width of the vectors.</param>
    /// <param name="unitDimensions">For each view, the dimension along which neighbours follow one another in memory, or -1.</param>
    /// <param name="safe">The statements that are known to stay in range.</param>
    /// <param name="together">The comparisons that are known to be the same for all items of a run of <paramref name="mostItems"/>.</param>
    /// <param name="mostItems">The most items in flight.</param>
    /// <param name="firstAccess">The number of its first access, where another plan has those before.</param>
    /// <param name="isInterior">Whether it holds only for a stretch along X that the launch tells.</param>
    public GridPlan(
        GridProgram program,
        int vectorBits,
        IReadOnlyList<int> unitDimensions,
        IReadOnlySet<Statement> safe,
        IReadOnlySet<Node> together,
        int mostItems,
        int firstAccess = 0,
        bool isInterior = false)
    {
        (Program, VectorBits, this.unitDimensions, this.safe, this.firstAccess) = (program, vectorBits, unitDimensions, safe, firstAccess);
        (MostItems, IsInterior) = (mostItems, isInterior);
        Placement = Placement.Of(program);
        Uniformity = Uniformity.Of(program, together: together);
        Layout = new(program);
        Groups = program.GroupExtents.IsEmpty ? null : GroupPlan.Of(program);
        var sizes = new HashSet<int>();
        Visit(program.Body, sizes);
        foreach (var node in NodeOrder.Of([.. program.Roots]))
        {
            Count(node, sizes);
        }

        foreach (var result in program.Results.Where(result => result.Type != DType.Bool))
        {
            sizes.Add(result.Type.Size);
        }

        LargestSize = sizes.Count == 0 ? sizeof(int) : sizes.Max();
        // Mixed sizes share one lane count; at least four lanes, since there is no hardware vector of two 32-bit lanes.
        Lanes = sizes.Count == 2 ? Math.Max(4, vectorBits / 64) : vectorBits / 8 / LargestSize;
    }

    public GridProgram Program { get; }

    public int VectorBits { get; }

    public Placement Placement { get; }

    public Uniformity Uniformity { get; }

    public GridLayout Layout { get; }

    /// <summary>How barriers divide it; null for a program without groups.</summary>
    public GroupPlan? Groups { get; }

    /// <summary>Items per vector, the same for all types.</summary>
    public int Lanes { get; }

    /// <summary>The most items in flight.</summary>
    public int MostItems { get; }

    /// <summary>Whether it holds only for the stretch along X that <see cref="GridLayout.Interior"/> tells.</summary>
    public bool IsInterior { get; }

    /// <summary>Bytes of the largest lanes.</summary>
    public int LargestSize { get; }

    /// <summary>Whether it loops, so that a block may take long.</summary>
    public bool HasLoops { get; private set; }

    /// <summary>
    /// The stores that may go past the caches: each item stores its own element once, vectors follow one another along X, and nothing reads the view.
    /// </summary>
    public IReadOnlyList<GridAccess> Streamed => streamed ??= FindStreamed();

    /// <summary>Every load, store and atomic.</summary>
    public IEnumerable<GridAccess> Accesses => accesses.Values;

    /// <summary>How the memory of a statement is reached.</summary>
    public GridAccess Access(Statement statement) => accesses[statement];

    /// <summary>The memory that the access of a number reaches; null if it has no such access.</summary>
    public MemoryOperand? Operand(int number) => accesses.Values.FirstOrDefault(access => access.Number == number)?.Operand;

    /// <summary>How a value differs between lanes.</summary>
    public Variation Of(Node node) => Uniformity.Of(node);

    /// <summary>The lanes of a value; of a bool, those it is naturally computed in.</summary>
    public LaneType TypeOf(Node node) => node.Type == DType.Bool ? LaneTypes.Mask(MaskSize(node)) : LaneTypes.Of(node.Type);

    /// <summary>Whether a value is the same for all items of a row and computed from nothing that statements define.</summary>
    public bool IsOfRow(Node node) => Uniformity.Of(node).IsUniform && IsFree(node);

    /// <summary>Whether a value depends on no statement: only on indices, extents and uniforms.</summary>
    public bool IsFree(Node root)
    {
        if (isOfRow.TryGetValue(root, out var known))
        {
            return known;
        }

        foreach (var node in NodeOrder.Of([root]))
        {
            if (isOfRow.ContainsKey(node))
            {
                continue;
            }

            var free = node is not VariableNode;
            for (var i = 0; i < node.OperandCount; i++)
            {
                free &= isOfRow[node.Operand(i)];
            }

            isOfRow.Add(node, free);
        }

        return isOfRow[root];
    }

    private List<GridAccess> FindStreamed()
    {
        var read = Program.Body.Descendants().Where(statement => statement is LoadStatement or AtomicStatement).Select(statement => accesses[statement].Operand).ToHashSet();
        return [.. StoresOutsideLoops(Program.Body).Where(store => store.Target is ViewOperand && !read.Contains(store.Target) && store.Target.Storage != StorageType.Bool
            && store.Target.Storage.Size == TypeOf(store.Value).Size).Select(store => accesses[store]).Where(access => access.Kind == GridAccessKind.Contiguous
            && access.Indices[access.LaneDimension] is IndexNode
            && Enumerable.Range(0, access.Indices.Count).All(d => d == access.LaneDimension || IsOfRow(access.Indices[d])))];
    }

    private static IEnumerable<StoreStatement> StoresOutsideLoops(Region region) => region.Statements.SelectMany(statement => statement switch
    {
        StoreStatement store => [store],
        IfStatement branch => StoresOutsideLoops(branch.Then).Concat(StoresOutsideLoops(branch.Else)),
        _ => [],
    });

    private int MaskSize(Node root)
    {
        if (maskSizes.TryGetValue(root, out var known))
        {
            return known;
        }

        foreach (var node in NodeOrder.Of([root]).Where(node => node.Type == DType.Bool && !maskSizes.ContainsKey(node)))
        {
            // What is uniform is compared as scalars, of any size.
            maskSizes.Add(node, node switch
            {
                _ when Uniformity.Of(node).IsUniform => LargestSize,
                CompareNode compare => SizeOf(compare.Left, compare.Right),
                UnaryNode unary => SizeOf(unary.Value, unary.Value),
                BinaryNode binary => SizeOf(binary.Left, binary.Right),
                SelectNode select => SizeOf(select.WhenTrue, select.WhenFalse),
                ConvertNode convert => SizeOf(convert.Value, convert.Value),
                _ => LargestSize,
            });
        }

        return maskSizes[root];
    }

    private int SizeOf(Node first, Node second) => Math.Min(
        first.Type == DType.Bool ? maskSizes[first] : first.Type.Size, second.Type == DType.Bool ? maskSizes[second] : second.Type.Size);

    /// <summary>Collects the sizes of what is computed in vectors.</summary>
    private void Count(Node node, HashSet<int> sizes)
    {
        if (!Uniformity.Of(node).IsVarying)
        {
            return;
        }

        Add(node, sizes);
        for (var i = 0; i < node.OperandCount; i++)
        {
            Add(node.Operand(i), sizes);
        }
    }

    private static void Add(Node node, HashSet<int> sizes)
    {
        if (node.Type != DType.Bool)
        {
            sizes.Add(node.Type.Size);
        }
    }

    private void Visit(Region region, HashSet<int> sizes)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    AddVarying(let.Result, sizes);
                    break;
                case LoadStatement load:
                    AddVarying(load.Result, sizes);
                    AddAccess(load, load.Source, load.Indices, sizes);
                    break;
                case StoreStatement store:
                    AddAccess(store, store.Target, store.Indices, sizes);
                    Add(store.Value, sizes);
                    break;
                case AtomicStatement atomic:
                    AddAccess(atomic, atomic.Target, atomic.Indices, sizes);
                    Add(atomic.Value, sizes);
                    break;
                case IfStatement branch:
                    Visit(branch.Then, sizes);
                    Visit(branch.Else, sizes);
                    branch.Results.ToList().ForEach(result => AddVarying(result, sizes));
                    break;
                case LoopStatement loop:
                    HasLoops = true;
                    loop.Carried.ToList().ForEach(carried => AddVarying(carried, sizes));
                    Visit(loop.Body, sizes);
                    loop.Results.ToList().ForEach(result => AddVarying(result, sizes));
                    break;
            }
        }
    }

    private void AddVarying(VariableNode variable, HashSet<int> sizes)
    {
        if (Uniformity.Of(variable).IsVarying)
        {
            Add(variable, sizes);
        }
    }

    /// <summary>The dimension along which neighbours follow one another in memory, or -1.</summary>
    public int UnitDimension(MemoryOperand operand) => operand is ViewOperand view ? unitDimensions[view.Index] : operand.Rank - 1;

    private void AddAccess(Statement statement, MemoryOperand operand, IReadOnlyList<Node> indices, HashSet<int> sizes)
    {
        var differing = Enumerable.Range(0, indices.Count).Where(d => !Uniformity.Of(indices[d]).IsUniform).ToList();
        var unit = UnitDimension(operand);
        var kind = differing.Count == 0 ? GridAccessKind.Uniform
            : differing.Count == 1 && differing[0] == unit && Uniformity.Of(indices[unit]).Stride == 1 ? GridAccessKind.Contiguous
            : GridAccessKind.Scattered;
        var number = firstAccess + accesses.Count;
        accesses.Add(statement, new(
            statement, number, operand, indices, kind, kind == GridAccessKind.Contiguous ? unit : 0, !Program.Unchecked && !safe.Contains(statement)));
        if (kind == GridAccessKind.Scattered)
        {
            differing.ForEach(d => Add(indices[d], sizes));
        }
    }
}
