using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Reads an element once where nothing can have changed it meanwhile, and outside of loops that neither change it nor move it. Any two
/// views of integers of one size may be the same memory, signed or not, as C# takes an int[] for a uint[]; so may any two of one real type.
/// </summary>
internal sealed class LoadReuse : GridRewriter
{
    private readonly Dictionary<Place, VariableNode> known = [];
    private Region? outside;
    private HashSet<Node> changing = new(ReferenceEqualityComparer.Instance);
    private HashSet<(bool Shared, bool Real, int Size)> stored = [];
    private bool isOrdered;

    private LoadReuse()
    {
    }

    /// <summary>The program with repeated loads made one.</summary>
    public static GridProgram Reuse(GridProgram program) => new LoadReuse().Rewrite(program);

    /// <inheritdoc/>
    protected override void Append(Statement statement, Region target)
    {
        switch (statement)
        {
            case LoadStatement load:
                AppendLoad(load, target);
                break;
            case StoreStatement store:
                base.Append(statement, target);
                Forget(store.Target);
                break;
            case AtomicStatement atomic:
                base.Append(statement, target);
                Forget(atomic.Target);
                break;
            case BarrierStatement:
                known.Clear();
                base.Append(statement, target);
                break;
            default:
                base.Append(statement, target);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void AppendIf(IfStatement branch, Region target)
    {
        var before = new Dictionary<Place, VariableNode>(known);
        var place = outside;
        outside = null;
        var condition = Rewrite(branch.Condition);
        var then = Rewrite(branch.Then);
        var thenValues = Rewrite(branch.ThenValues);
        // What one side has read the other has not.
        Restore(before);
        var otherwise = Rewrite(branch.Else);
        var elseValues = Rewrite(branch.ElseValues);
        target.Statements.Add(new IfStatement(condition, then, otherwise, branch.Results, thenValues, elseValues));
        outside = place;
        Restore(before);
        Forget(branch.Then);
        Forget(branch.Else);
    }

    /// <inheritdoc/>
    protected override void AppendLoop(LoopStatement loop, Region target)
    {
        Forget(loop.Body);
        var before = new Dictionary<Place, VariableNode>(known);
        var (place, inner, stores, ordered) = (outside, changing, stored, isOrdered);
        outside = target;
        changing = new(loop.Carried, ReferenceEqualityComparer.Instance);
        Collect(loop.Body, changing);
        stored = [];
        isOrdered = false;
        CollectStores(loop.Body);
        base.AppendLoop(loop, target);
        (outside, changing, stored, isOrdered) = (place, inner, stores, ordered);
        Restore(before);
    }

    private void AppendLoad(LoadStatement load, Region target)
    {
        var indices = Rewrite(load.Indices);
        var place = new Place(load.Source, [.. indices]);
        if (known.TryGetValue(place, out var value))
        {
            Substitute(load.Result, value);
            return;
        }

        known.Add(place, load.Result);
        var moves = outside is not null && !isOrdered && !stored.Contains(KindOf(load.Source)) && !DependsOnLoop(indices);
        (moves ? outside! : target).Statements.Add(new LoadStatement(load.Result, load.Source, indices));
        if (moves)
        {
            changing.Remove(load.Result);
        }
    }

    private bool DependsOnLoop(IEnumerable<Node> nodes) => NodeOrder.Of([.. nodes]).Any(changing.Contains);

    private static (bool Shared, bool Real, int Size) KindOf(MemoryOperand operand) =>
        (operand is SharedOperand, operand.Storage.Computed.IsFloatingPoint, operand.Storage.Size);

    private void Forget(MemoryOperand operand)
    {
        foreach (var place in known.Keys.Where(place => KindOf(place.Memory) == KindOf(operand)).ToList())
        {
            known.Remove(place);
        }
    }

    private void Forget(Region region)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case StoreStatement store:
                    Forget(store.Target);
                    break;
                case AtomicStatement atomic:
                    Forget(atomic.Target);
                    break;
                case BarrierStatement:
                    known.Clear();
                    break;
                case IfStatement branch:
                    Forget(branch.Then);
                    Forget(branch.Else);
                    break;
                case LoopStatement loop:
                    Forget(loop.Body);
                    break;
            }
        }
    }

    private void Restore(Dictionary<Place, VariableNode> before)
    {
        known.Clear();
        foreach (var (place, value) in before)
        {
            known.Add(place, value);
        }
    }

    private void CollectStores(Region region)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case StoreStatement store:
                    stored.Add(KindOf(store.Target));
                    break;
                case AtomicStatement atomic:
                    stored.Add(KindOf(atomic.Target));
                    break;
                case BarrierStatement:
                    isOrdered = true;
                    break;
                case IfStatement branch:
                    CollectStores(branch.Then);
                    CollectStores(branch.Else);
                    break;
                case LoopStatement loop:
                    CollectStores(loop.Body);
                    break;
            }
        }
    }

    /// <summary>Adds the variables that a region defines.</summary>
    private static void Collect(Region region, HashSet<Node> defined)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    defined.Add(let.Result);
                    break;
                case LoadStatement load:
                    defined.Add(load.Result);
                    break;
                case AtomicStatement { Old: { } old }:
                    defined.Add(old);
                    break;
                case IfStatement branch:
                    defined.UnionWith(branch.Results);
                    Collect(branch.Then, defined);
                    Collect(branch.Else, defined);
                    break;
                case LoopStatement loop:
                    defined.UnionWith(loop.Results);
                    defined.UnionWith(loop.Carried);
                    Collect(loop.Body, defined);
                    break;
            }
        }
    }

    private readonly struct Place(MemoryOperand memory, Node[] indices) : IEquatable<Place>
    {
        private readonly Node[] indices = indices;

        public MemoryOperand Memory { get; } = memory;

        public bool Equals(Place other) => Memory == other.Memory && indices.AsSpan().SequenceEqual(other.indices);

        public override bool Equals(object? obj) => obj is Place other && Equals(other);

        public override int GetHashCode()
        {
            var code = new HashCode();
            code.Add(Memory);
            foreach (var index in indices)
            {
                code.Add(index);
            }

            return code.ToHashCode();
        }
    }
}
