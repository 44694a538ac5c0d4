using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>
/// Random grid programs with their arguments: branches, loops, views of every storage and rank with any strides, divisions, atomics, groups
/// that share memory. Every item writes its own elements only, so that the order of the items does not matter.
/// </summary>
internal sealed class GridProgramGenerator(Random random)
{
    private static readonly DType[] types = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool];
    private readonly List<ViewOperand> views = [];
    private readonly List<int[]> lengths = [];
    private readonly List<DType> uniforms = [];
    private readonly List<SharedOperand> shared = [];
    private readonly List<ViewOperand> inputs = [];
    private readonly List<ViewOperand> outputs = [];
    private readonly List<ViewOperand> counters = [];
    private int rank;
    private int[] extent = [];
    private int[] group = [];
    private bool isInRange;

    /// <summary>A program and its arguments.</summary>
    /// <param name="size">About how many statements.</param>
    /// <param name="isInRange">Whether all accesses are in range and no divisor is zero; otherwise a few may not be.</param>
    public GridCase Next(int size, bool isInRange)
    {
        this.isInRange = isInRange;
        views.Clear();
        lengths.Clear();
        uniforms.Clear();
        shared.Clear();
        inputs.Clear();
        outputs.Clear();
        counters.Clear();
        rank = random.Next(1, 4);
        group = random.Next(4) == 0 ? rank == 1 ? [random.Next(2) == 0 ? 32 : 48, 1, 1] : [8, 4, 1] : [];
        extent = [random.Next(1, 40), rank > 1 ? random.Next(1, 7) : 1, rank > 2 ? random.Next(1, 4) : 1];
        var run = group.Length == 0 ? extent : [.. extent.Select((count, axis) => (count + group[axis] - 1) / group[axis] * group[axis])];
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            inputs.Add(View("input", (StorageType)random.Next(13), [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 9))]));
        }

        for (var i = random.Next(1, 3); i > 0; i--)
        {
            outputs.Add(View("output", (StorageType)random.Next(13), [.. run.Take(rank).Reverse()]));
        }

        StorageType[] whole = [StorageType.Int32, StorageType.UInt32, StorageType.Int64];
        counters.Add(View("counter", whole[random.Next(3)], [5]));
        uniforms.AddRange(Enumerable.Range(0, random.Next(0, 4)).Select(_ => types[random.Next(types.Length)]));
        if (group.Length > 0)
        {
            var storage = new[] { StorageType.Float32, StorageType.Int32, StorageType.Float64 }[random.Next(3)];
            shared.Add(new(0, "tile", storage, rank == 1 ? [group[0]] : [group[1], group[0]]));
        }

        var values = new List<Node>();
        values.AddRange(uniforms.Select((type, i) => Node.Uniform(i, type)));
        for (var axis = 0; axis < rank; axis++)
        {
            values.Add(new IndexNode(IndexKind.Global, axis));
            values.Add(new IndexNode(group.Length == 0 ? IndexKind.Extent : (IndexKind)random.Next(1, 5), axis));
        }

        values.Add(new LengthNode(views[0], 0));
        foreach (var type in types)
        {
            values.Add(Node.Constant(type, type == DType.Bool ? random.Next(2) : random.Next(-3, 4)));
            values.Add(Node.Constant(type, type.IsFloatingPoint ? (random.NextDouble() * 4) - 2 : 1));
        }

        var body = new Region();
        Fill(body, values, size, depth: 0);
        foreach (var output in outputs)
        {
            body.Statements.Add(new StoreStatement(output, Own(), Any(values, output.Storage.Computed)));
        }

        var program = new GridProgram
        {
            Name = "random",
            Rank = rank,
            Views = [.. views],
            Uniforms = [.. uniforms],
            GroupExtents = [.. group],
            Shared = [.. shared],
            Body = body,
        };
        return new(program, extent, [.. views.Select(Memory)], [.. uniforms.Select(Value)]);
    }

    private ViewOperand View(string name, StorageType storage, int[] extents)
    {
        var view = new ViewOperand(views.Count, $"{name}{views.Count}", storage, extents.Length);
        views.Add(view);
        lengths.Add(extents);
        return view;
    }

    private GridCaseView Memory(ViewOperand view)
    {
        var strides = new long[view.Rank];
        var order = Enumerable.Range(0, view.Rank).ToArray();
        if (random.Next(3) == 0)
        {
            random.Shuffle(order);
        }

        long count = random.Next(4) == 0 ? 2 : 1;
        long offset = 0;
        foreach (var d in order.Reverse())
        {
            strides[d] = count;
            count *= lengths[view.Index][d];
            if (random.Next(6) == 0)
            {
                offset += strides[d] * (lengths[view.Index][d] - 1);
                strides[d] = -strides[d];
            }
        }

        var memory = new GridCaseView(view, lengths[view.Index], strides, offset, new byte[count * view.Storage.Size]);
        foreach (var index in memory.Indices())
        {
            memory.Write(index, Value(view.Storage.Computed));
        }

        return memory;
    }

    private Scalar Value(DType type) => type switch
    {
        DType.Float32 => (Scalar)(random.Next(8) == 0 ? Special() : (float)((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-3, 12)))),
        DType.Float64 => (Scalar)(random.Next(8) == 0 ? (double)Special() : (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-3, 12))),
        DType.Int32 => (Scalar)(random.Next(8) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-20, 20)),
        DType.Int64 => (Scalar)(random.Next(8) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(-20, 20)),
        _ => (Scalar)(random.Next(2) == 0),
    };

    private float Special() => random.Next(7) switch
    {
        0 => 0f,
        1 => -0f,
        2 => float.NaN,
        3 => float.PositiveInfinity,
        4 => float.NegativeInfinity,
        5 => float.Epsilon,
        _ => float.MaxValue,
    };

    /// <summary>The item's own place in an output.</summary>
    private ImmutableArray<Node> Own() => [.. Enumerable.Range(0, rank).Reverse().Select(axis => (Node)new IndexNode(IndexKind.Global, axis))];

    private ImmutableArray<Node> Anywhere(ViewOperand view, List<Node> values) =>
        [.. Enumerable.Range(0, view.Rank).Select(d => Within(Any(values, random.Next(4) == 0 ? DType.Int64 : DType.Int32), new LengthNode(view, d)))];

    private Node Within(Node index, Node length)
    {
        if (!isInRange && random.Next(20) == 0)
        {
            return index;
        }

        length = Node.Convert(length, index.Type);
        var last = Node.Binary(BinaryOperation.Subtract, length, Node.Constant(index.Type, 1));
        return Node.Binary(BinaryOperation.Max, Node.Constant(index.Type, 0), Node.Binary(BinaryOperation.Min, index, last));
    }

    private void Fill(Region region, List<Node> values, int size, int depth)
    {
        for (var i = 0; i < size; i++)
        {
            switch (random.Next(depth < 3 ? 14 : 10))
            {
                case 0 or 1:
                    AddLoad(region, values);
                    break;
                case 2:
                    AddDivision(region, values);
                    break;
                case 3:
                    var output = outputs[random.Next(outputs.Count)];
                    region.Statements.Add(new StoreStatement(output, Own(), Any(values, output.Storage.Computed)));
                    break;
                case 4:
                    AddAtomic(region, values);
                    break;
                case 10 or 11:
                    AddBranch(region, values, size / 2, depth);
                    break;
                case 12:
                    AddLoop(region, values, size / 2, depth);
                    break;
                case 13 when depth == 0 && shared.Count > 0:
                    AddExchange(region, values);
                    break;
                default:
                    values.Add(Operation(values, types[random.Next(types.Length)]));
                    break;
            }
        }
    }

    private void AddLoad(Region region, List<Node> values)
    {
        var isOwn = random.Next(5) == 0;
        var view = isOwn ? outputs[random.Next(outputs.Count)] : inputs[random.Next(inputs.Count)];
        var result = new VariableNode(view.Storage.Computed);
        region.Statements.Add(new LoadStatement(result, view, isOwn ? Own() : Anywhere(view, values)));
        values.Add(result);
    }

    private void AddDivision(Region region, List<Node> values)
    {
        var type = random.Next(2) == 0 ? DType.Int32 : DType.Int64;
        BinaryOperation[] operations =
            [BinaryOperation.Divide, BinaryOperation.Remainder, BinaryOperation.DivideUnsigned, BinaryOperation.RemainderUnsigned];
        var divisor = Any(values, type);
        divisor = isInRange || random.Next(10) > 0 ? Node.Binary(BinaryOperation.Or, divisor, Node.Constant(type, 1)) : divisor;
        var result = new VariableNode(type);
        region.Statements.Add(new LetStatement(result, (BinaryNode)Node.Binary(operations[random.Next(4)], Any(values, type), divisor)));
        values.Add(result);
    }

    /// <summary>One that gives the same in any order of the items.</summary>
    private void AddAtomic(Region region, List<Node> values)
    {
        var counter = counters[0];
        region.Statements.Add(new AtomicStatement(
            null, AtomicOperation.Add, counter, Anywhere(counter, values), Any(values, counter.Storage.Computed)));
    }

    private void AddBranch(Region region, List<Node> values, int size, int depth)
    {
        var condition = Any(values, DType.Bool);
        var (then, otherwise) = (new Region(), new Region());
        var (thenValues, elseValues) = (new List<Node>(values), new List<Node>(values));
        Fill(then, thenValues, size, depth + 1);
        if (random.Next(3) > 0)
        {
            Fill(otherwise, elseValues, size, depth + 1);
        }

        VariableNode[] results = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => new VariableNode(types[random.Next(types.Length)]))];
        region.Statements.Add(new IfStatement(
            condition, then, otherwise, [.. results],
            [.. results.Select(result => Any(thenValues, result.Type))], [.. results.Select(result => Any(elseValues, result.Type))]));
        values.AddRange(results);
    }

    private void AddLoop(Region region, List<Node> values, int size, int depth)
    {
        var counter = new VariableNode(DType.Int32);
        VariableNode[] carried = [counter, .. Enumerable.Range(0, random.Next(0, 4)).Select(_ => new VariableNode(types[random.Next(types.Length)]))];
        var body = new Region();
        var inner = new List<Node>(values);
        inner.AddRange(carried);
        Fill(body, inner, size, depth + 1);
        var following = Node.Binary(BinaryOperation.Add, counter, Node.Constant(1));
        var most = Node.Binary(BinaryOperation.And, Any(values, DType.Int32), Node.Constant(3));
        var repeat = Node.Compare(Comparison.Less, counter, most);
        if (random.Next(3) == 0)
        {
            repeat = Node.Binary(BinaryOperation.And, repeat, Any(inner, DType.Bool));
        }

        VariableNode[] results = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => new VariableNode(types[random.Next(types.Length)]))];
        region.Statements.Add(new LoopStatement(
            [.. carried],
            [Node.Constant(0), .. carried.Skip(1).Select(variable => Any(values, variable.Type))],
            body,
            repeat,
            [following, .. carried.Skip(1).Select(variable => random.Next(3) == 0 && carried.LastOrDefault(other => other.Type == variable.Type && other != counter) is { } swapped ? swapped : Any(inner, variable.Type))],
            [.. results],
            [.. results.Select(result => Any(inner, result.Type))]));
        values.AddRange(results);
    }

    /// <summary>Every item leaves a value in shared memory, and takes one that another left.</summary>
    private void AddExchange(Region region, List<Node> values)
    {
        var tile = shared[0];
        ImmutableArray<Node> own = tile.Rank == 1
            ? [new IndexNode(IndexKind.Local, 0)]
            : [new IndexNode(IndexKind.Local, 1), new IndexNode(IndexKind.Local, 0)];
        region.Statements.Add(new StoreStatement(tile, own, Any(values, tile.Storage.Computed)));
        region.Statements.Add(new BarrierStatement());
        var taken = new VariableNode(tile.Storage.Computed);
        ImmutableArray<Node> from = [.. tile.Lengths.Select(length => Within(Any(values, DType.Int32), Node.Constant(length)))];
        region.Statements.Add(new LoadStatement(taken, tile, from));
        region.Statements.Add(new BarrierStatement());
        values.Add(taken);
    }

    private Node Any(List<Node> values, DType type) => values.Where(node => node.Type == type).ToArray() is { Length: > 0 } fitting
        ? fitting[^(1 + Math.Min(random.Next(fitting.Length), random.Next(fitting.Length)))]
        : Node.Constant(type, 1);

    private Node Operation(List<Node> values, DType type) => type switch
    {
        DType.Bool => Truth(values),
        _ when type.IsFloatingPoint => Real(values, type),
        _ => Integer(values, type),
    };

    private Node Truth(List<Node> values)
    {
        var compared = values[random.Next(values.Count)].Type;
        return random.Next(6) switch
        {
            0 => Node.Unary(UnaryOperation.Not, Any(values, DType.Bool)),
            1 => Node.Binary((BinaryOperation)((int)BinaryOperation.And + random.Next(3)), Any(values, DType.Bool), Any(values, DType.Bool)),
            2 => Node.Select(Any(values, DType.Bool), Any(values, DType.Bool), Any(values, DType.Bool)),
            3 => Node.Convert(Any(values, compared), DType.Bool),
            _ => Node.Compare((Comparison)random.Next(compared == DType.Bool ? 2 : 6), Any(values, compared), Any(values, compared)),
        };
    }

    private Node Real(List<Node> values, DType type) => random.Next(10) switch
    {
        0 => Node.Unary((UnaryOperation)((int[])[0, 1, 3, 4, 5, 6, 7])[random.Next(7)], Any(values, type)),
        1 => Node.Select(Any(values, DType.Bool), Any(values, type), Any(values, type)),
        2 => Node.FusedMultiplyAdd(Any(values, type), Any(values, type), Any(values, type)),
        3 => Node.Binary(random.Next(2) == 0 ? BinaryOperation.Min : BinaryOperation.Max, Any(values, type), Any(values, type)),
        4 => Node.Convert(Any(values, values[random.Next(values.Count)].Type), type),
        5 => Node.BitCast(Any(values, type == DType.Float32 ? DType.Int32 : DType.Int64), type),
        6 when random.Next(3) == 0 => Node.Binary(BinaryOperation.Remainder, Any(values, type), Any(values, type)),
        _ => Node.Binary((BinaryOperation)random.Next(4), Any(values, type), Any(values, type)),
    };

    private Node Integer(List<Node> values, DType type) => random.Next(10) switch
    {
        0 => Node.Unary((UnaryOperation)random.Next(3), Any(values, type)),
        1 => Node.Select(Any(values, DType.Bool), Any(values, type), Any(values, type)),
        2 => Node.Unary(random.Next(2) == 0 ? UnaryOperation.PopCount : UnaryOperation.LeadingZeroCount, Any(values, type)),
        3 => Node.Binary(random.Next(2) == 0 ? BinaryOperation.Min : BinaryOperation.Max, Any(values, type), Any(values, type)),
        4 => Node.Convert(Any(values, values[random.Next(values.Count)].Type), type),
        5 => Node.BitCast(Number(Any(values, type == DType.Int32 ? DType.Float32 : DType.Float64)), type),
        6 => Node.Binary((BinaryOperation)((int)BinaryOperation.And + random.Next(3)), Any(values, type), Any(values, type)),
        7 => Node.Binary((BinaryOperation)((int)BinaryOperation.ShiftLeft + random.Next(3)), Any(values, type), Any(values, type)),
        _ => Node.Binary((BinaryOperation)random.Next(3), Any(values, type), Any(values, type)),
    };

    /// <summary>Not NaN, whose bits differ from machine to machine.</summary>
    private static Node Number(Node value) =>
        Node.Select(Node.Compare(Comparison.Equal, value, value), value, Node.Constant(value.Type, 0));
}
