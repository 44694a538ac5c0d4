using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Reads an element once where nothing can have changed it meanwhile, and outside of loops that neither change it nor move it. Any two
/// views of integers of one size may be the same memory, signed or not, as C# takes an int[] for a uint[]; so may any two of one real type.
/// </summary>
internal sealed class LoadReuse : GridRewriter
{
    private readonly Dictionary<Place, VariableNode> known = [];
    private Surroundings? around;

    private LoadReuse()
    {
    }

    /// <summary>The program with repeated loads made one.</summary>
    public static GridProgram Reuse(GridProgram program) => new LoadReuse().Rewrite(program);

    /// <inheritdoc/>
    protected override void Append(Statement statement, Region target)
    {
        if (statement is LoadStatement load)
        {
            AppendLoad(load, target);
            return;
        }

        base.Append(statement, target);
        if (statement.Regions.Count == 0)
        {
            Forget(statement);
        }
    }

    /// <inheritdoc/>
    protected override void AppendIf(IfStatement branch, Region target)
    {
        var before = new Dictionary<Place, VariableNode>(known);
        var place = around;
        around = null;
        var condition = Rewrite(branch.Condition);
        var then = Rewrite(branch.Then);
        var thenValues = Rewrite(branch.ThenValues);
        // What one side has read the other has not.
        Restore(before);
        var otherwise = Rewrite(branch.Else);
        var elseValues = Rewrite(branch.ElseValues);
        target.Statements.Add(new IfStatement(condition, then, otherwise, branch.Results, thenValues, elseValues));
        around = place;
        Restore(before);
        Forget(branch.Then);
        Forget(branch.Else);
    }

    /// <inheritdoc/>
    protected override void AppendLoop(LoopStatement loop, Region target)
    {
        Forget(loop.Body);
        var surroundings = new Surroundings(loop, target, new(known), around);
        around = surroundings;
        base.AppendLoop(loop, target);
        around = surroundings.Outer;
        Restore(surroundings.Known);
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
        for (var loop = around; loop is not null && loop.Leaves(load.Source, indices); loop = loop.Outer)
        {
            loop.Changing.Remove(load.Result);
            loop.Known.Add(place, load.Result);
            target = loop.Region;
        }

        target.Statements.Add(new LoadStatement(load.Result, load.Source, indices));
    }

    private static (bool Shared, bool Real, int Size) KindOf(MemoryOperand operand) =>
        (operand is SharedOperand, operand.Storage.Computed.IsFloatingPoint, operand.Storage.Size);

    /// <summary>Forgets what a region changes.</summary>
    private void Forget(Region region)
    {
        foreach (var statement in region.Descendants())
        {
            Forget(statement);
        }
    }

    private void Forget(Statement statement)
    {
        if (statement is BarrierStatement)
        {
            known.Clear();
        }
        else if (statement.Target is { } changed)
        {
            foreach (var place in known.Keys.Where(place => KindOf(place.Memory) == KindOf(changed)).ToList())
            {
                known.Remove(place);
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

    /// <summary>A loop that a load may leave.</summary>
    private sealed class Surroundings(LoopStatement loop, Region region, Dictionary<Place, VariableNode> known, Surroundings? outer)
    {
        private readonly bool isOrdered = loop.Body.Descendants().Any(statement => statement is BarrierStatement);
        private readonly HashSet<(bool Shared, bool Real, int Size)> stored =
            [.. loop.Body.Descendants().Select(statement => statement.Target).OfType<MemoryOperand>().Select(KindOf)];

        /// <summary>Where the loop stands.</summary>
        public Region Region => region;

        /// <summary>What has been read before it and is not changed by it.</summary>
        public Dictionary<Place, VariableNode> Known => known;

        /// <summary>The loop around it, unless it is in a branch there.</summary>
        public Surroundings? Outer => outer;

        /// <summary>The values that it defines.</summary>
        public HashSet<Node> Changing { get; } = new(
            loop.Body.Descendants().SelectMany(statement => statement.Definitions).Concat(loop.Carried), ReferenceEqualityComparer.Instance);

        /// <summary>Whether it leaves what is there as it is.</summary>
        public bool Leaves(MemoryOperand memory, IReadOnlyList<Node> indices) =>
            !isOrdered && !stored.Contains(KindOf(memory)) && !NodeOrder.Of(indices).Any(Changing.Contains);
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
