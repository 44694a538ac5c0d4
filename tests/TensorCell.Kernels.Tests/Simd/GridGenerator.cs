using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Random grid programs: branches, loops, loads and stores of all storages, divisions, shared memory and barriers.</summary>
internal sealed class GridGenerator(Random random)
{
    private static readonly DType[] computed = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool];
    private readonly List<ViewOperand> views = [];
    private readonly List<SharedOperand> shared = [];
    private readonly List<Node> values = [];
    private DType[] used = [];
    private int rank;
    private int loops;
    private ImmutableArray<int> group = [];

    /// <summary>
    /// A program whose items write only to places of their own, so that their order does not matter: views at even places are read, the others
    /// written at the item's own index.
    /// </summary>
    public GridProgram Next(bool isGrouped = false)
    {
        views.Clear();
        shared.Clear();
        values.Clear();
        loops = 0;
        rank = random.Next(1, 4);
        used = random.Next(3) == 0 ? computed : [DType.Int32, computed[random.Next(4)], DType.Bool];
        group = isGrouped ? [random.Next(1, 20), rank > 1 ? random.Next(1, 4) : 1, rank > 2 ? random.Next(1, 3) : 1] : [];
        for (var i = 0; i < 4; i++)
        {
            StorageType[] fitting = [.. Enum.GetValues<StorageType>().Where(storage => used.Contains(storage.Computed))];
            views.Add(new(i, $"v{i}", fitting[random.Next(fitting.Length)], i % 2 == 0 ? random.Next(1, 4) : rank));
        }

        DType[] uniforms = [.. Enumerable.Range(0, 3).Select(_ => used[random.Next(used.Length)])];
        values.AddRange(uniforms.Select((type, i) => Node.Uniform(i, type)));
        values.AddRange(Enumerable.Range(0, rank).Select(axis => new IndexNode(IndexKind.Global, axis)));
        values.Add(new IndexNode(IndexKind.Extent, 0));
        if (isGrouped)
        {
            values.Add(new IndexNode(IndexKind.Local, 0));
            values.Add(new IndexNode(IndexKind.Group, 0));
            shared.Add(new(0, "s0", StorageType.Int32, [64]));
        }

        values.AddRange(views.Select(view => new LengthNode(view, 0)));
        foreach (var type in used)
        {
            values.Add(Node.Constant(type, random.Next(-3, 4)));
        }

        var body = new Region();
        Fill(body, random.Next(3, 10), 0, isGrouped);
        foreach (var view in views.Where((_, i) => i % 2 == 1))
        {
            body.Statements.Add(new StoreStatement(view, Own(), Any(view.Storage.Computed)));
        }

        Node[] results = isGrouped ? [] : [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => Any(used[random.Next(used.Length)]))];
        return new()
        {
            Name = "random",
            Rank = rank,
            Views = [.. views],
            Uniforms = [.. uniforms],
            GroupExtents = group,
            Shared = [.. shared],
            Body = body,
            Results = [.. results],
        };
    }

    private void Fill(Region region, int count, int depth, bool withBarriers)
    {
        for (var i = 0; i < count; i++)
        {
            Add(region, depth, withBarriers);
        }
    }

    private void Add(Region region, int depth, bool withBarriers)
    {
        switch (random.Next(12))
        {
            case 0 or 1:
                AddLoad(region);
                break;
            case 2:
                var view = views[1 + (2 * random.Next(2))];
                region.Statements.Add(new StoreStatement(view, Own(), Any(view.Storage.Computed)));
                break;
            case 3:
                AddDivision(region);
                break;
            case 4 or 5 when depth < 3:
                AddIf(region, depth);
                break;
            case 6 or 7 when depth < 3 && loops < 4:
                AddLoop(region, depth);
                break;
            case 8 when withBarriers:
                AddExchange(region);
                break;
            case 9 when withBarriers && depth == 0:
                AddBarrierLoop(region);
                break;
            default:
                for (var i = 0; i < 3; i++)
                {
                    values.Add(Operation(used[random.Next(used.Length)]));
                }

                break;
        }
    }

    /// <summary>Items put a value where no other does, wait, and read another's.</summary>
    private void AddExchange(Region region)
    {
        var target = shared[0];
        Node local = new IndexNode(IndexKind.Local, 0);
        for (var axis = 1; axis < rank; axis++)
        {
            local = Node.Binary(BinaryOperation.Add, Node.Binary(BinaryOperation.Multiply, new IndexNode(IndexKind.Local, axis), Node.Constant(group.Take(axis).Aggregate(1, (a, b) => a * b))), local);
        }

        var items = group.Aggregate(1, (a, b) => a * b);
        if (items > 64)
        {
            return;
        }

        region.Statements.Add(new BarrierStatement());
        region.Statements.Add(new StoreStatement(target, [local], Any(DType.Int32)));
        region.Statements.Add(new BarrierStatement());
        var at = Node.Binary(BinaryOperation.Subtract, Node.Constant(items - 1), local);
        var read = new VariableNode(DType.Int32);
        region.Statements.Add(new LoadStatement(read, target, [random.Next(3) == 0 ? Node.Constant(0) : at]));
        values.Add(read);
    }

    private void AddBarrierLoop(Region region)
    {
        var counter = new VariableNode(DType.Int32);
        var type = used[random.Next(used.Length)];
        var (carried, result) = (new VariableNode(type), new VariableNode(type));
        var initial = Any(type);
        var mark = values.Count;
        values.AddRange([counter, carried]);
        var body = new Region();
        AddExchange(body);
        Fill(body, 2, 1, false);
        var next = Node.Binary(BinaryOperation.Add, counter, Node.Constant(1));
        var (nextValue, resultValue) = (Any(type), Any(type));
        region.Statements.Add(new LoopStatement(
            [counter, carried], [Node.Constant(0), initial], body, Node.Compare(Comparison.Less, next, Node.Constant(random.Next(1, 4))),
            [next, nextValue], [result], [resultValue]));
        values.RemoveRange(mark, values.Count - mark);
        values.Add(result);
    }

    private ImmutableArray<Node> Own() => [.. Enumerable.Range(0, rank).Select(d => (Node)new IndexNode(IndexKind.Global, rank - 1 - d))];

    private void AddLoad(Region region)
    {
        var view = random.Next(4) == 0 ? views[1 + (2 * random.Next(2))] : views[2 * random.Next(2)];
        var result = new VariableNode(view.Storage.Computed);
        var own = view.Index % 2 == 1;
        region.Statements.Add(new LoadStatement(result, view, own ? Own() : [.. Enumerable.Range(0, view.Rank).Select(d => Index(view, d))]));
        values.Add(result);
    }

    /// <summary>An index within range: of the item, shifted, uniform, or anything modulo the extent.</summary>
    private Node Index(ViewOperand view, int dimension)
    {
        var length = new LengthNode(view, dimension);
        var x = new IndexNode(IndexKind.Global, random.Next(rank));
        var last = Node.Binary(BinaryOperation.Subtract, length, Node.Constant(1));
        return random.Next(6) switch
        {
            0 => Clamp(Node.Binary(BinaryOperation.Add, x, Node.Constant(random.Next(-2, 3))), last),
            1 => Clamp(Any(DType.Int32), last),
            2 when used.Contains(DType.Int64) => Node.Convert(Clamp(x, last), DType.Int64),
            3 => Clamp(new IndexNode(IndexKind.Extent, 0), last),

            // Not always in range: tests compare the errors too.
            4 when random.Next(3) == 0 => Node.Binary(BinaryOperation.Add, x, Node.Constant(random.Next(-1, 2))),
            _ => dimension == view.Rank - 1 ? new IndexNode(IndexKind.Global, 0) : Clamp(x, last),
        };
    }

    private static Node Clamp(Node value, Node last) =>
        Node.Binary(BinaryOperation.Max, Node.Binary(BinaryOperation.Min, value, last), Node.Constant(0));

    private void AddDivision(Region region)
    {
        var type = used.Contains(DType.Int64) && random.Next(2) == 0 ? DType.Int64 : DType.Int32;
        var result = new VariableNode(type);
        var operation = ((BinaryOperation[])[BinaryOperation.Divide, BinaryOperation.Remainder, BinaryOperation.DivideUnsigned, BinaryOperation.RemainderUnsigned])[random.Next(4)];
        region.Statements.Add(new LetStatement(result, (BinaryNode)Node.Binary(
            operation, Any(type), Node.Binary(BinaryOperation.Or, Any(type), Node.Constant(type, 1)))));
        values.Add(result);
    }

    private void AddIf(Region region, int depth)
    {
        var condition = Any(DType.Bool);
        var types = Enumerable.Range(0, random.Next(0, 3)).Select(_ => used[random.Next(used.Length)]).ToArray();
        var results = types.Select(type => new VariableNode(type)).ToArray();
        var (then, otherwise) = (new Region(), new Region());
        var thenValues = Side(then, depth, types);
        var elseValues = Side(otherwise, depth, types);
        region.Statements.Add(new IfStatement(condition, then, otherwise, [.. results], thenValues, elseValues));
        values.AddRange(results);
    }

    private ImmutableArray<Node> Side(Region side, int depth, DType[] types)
    {
        var mark = values.Count;
        Fill(side, random.Next(0, 3), depth + 1, false);
        ImmutableArray<Node> yielded = [.. types.Select(Any)];
        values.RemoveRange(mark, values.Count - mark);
        return yielded;
    }

    private void AddLoop(Region region, int depth)
    {
        loops++;
        DType[] types = [DType.Int32, .. Enumerable.Range(0, random.Next(0, 3)).Select(_ => used[random.Next(used.Length)])];
        var carried = types.Select(type => new VariableNode(type)).ToArray();
        Node[] initial = [Node.Constant(0), .. types.Skip(1).Select(Any)];
        var mark = values.Count;
        values.AddRange(carried);
        var body = new Region();
        Fill(body, random.Next(1, 4), depth + 1, false);
        var next = Node.Binary(BinaryOperation.Add, carried[0], Node.Constant(1));
        Node repeat = Node.Compare(Comparison.Less, next, Node.Constant(random.Next(1, 5)));
        if (random.Next(2) == 0)
        {
            repeat = Node.Binary(BinaryOperation.And, repeat, Any(DType.Bool));
        }

        Node[] nexts = [next, .. types.Skip(1).Select(Any)];
        DType[] left = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => used[random.Next(used.Length)])];
        Node[] leaving = [.. left.Select(Any)];
        var results = left.Select(type => new VariableNode(type)).ToArray();
        region.Statements.Add(new LoopStatement([.. carried], [.. initial], body, repeat, [.. nexts], [.. results], [.. leaving]));
        values.RemoveRange(mark, values.Count - mark);
        values.AddRange(results);
    }

    private Node Any(DType type) => values.Where(node => node.Type == type).ToArray() is { Length: > 0 } fitting
        ? fitting[^(1 + Math.Min(random.Next(fitting.Length), random.Next(fitting.Length)))]
        : Node.Constant(type, 1);

    private Node Operation(DType type) => type switch
    {
        DType.Bool => random.Next(5) switch
        {
            0 => Node.Unary(UnaryOperation.Not, Any(DType.Bool)),
            1 => Node.Binary((BinaryOperation)((int)BinaryOperation.And + random.Next(3)), Any(DType.Bool), Any(DType.Bool)),
            2 => Node.Select(Any(DType.Bool), Any(DType.Bool), Any(DType.Bool)),
            _ when used[random.Next(used.Length)] is var compared => Node.Compare((Comparison)random.Next(compared == DType.Bool ? 2 : 6), Any(compared), Any(compared)),
            _ => Any(DType.Bool),
        },
        _ when type.IsFloatingPoint => random.Next(7) switch
        {
            0 => Node.Unary((UnaryOperation)((int[])[0, 1, 3, 4, 5, 6, 7])[random.Next(7)], Any(type)),
            1 => Node.Select(Any(DType.Bool), Any(type), Any(type)),
            2 => Node.FusedMultiplyAdd(Any(type), Any(type), Any(type)),
            3 => Node.Binary(random.Next(2) == 0 ? BinaryOperation.Min : BinaryOperation.Max, Any(type), Any(type)),
            4 => Node.Convert(Any(used[random.Next(used.Length)]), type),
            _ => Node.Binary((BinaryOperation)random.Next(4), Any(type), Any(type)),
        },
        _ => random.Next(8) switch
        {
            0 => Node.Unary(((UnaryOperation[])[UnaryOperation.Negate, UnaryOperation.Abs, UnaryOperation.Not, UnaryOperation.PopCount, UnaryOperation.LeadingZeroCount])[random.Next(5)], Any(type)),
            1 => Node.Select(Any(DType.Bool), Any(type), Any(type)),
            2 => Node.Binary(random.Next(2) == 0 ? BinaryOperation.Min : BinaryOperation.Max, Any(type), Any(type)),
            3 => Node.Convert(Any(used[random.Next(used.Length)]), type),
            4 => Node.Binary((BinaryOperation)((int)BinaryOperation.And + random.Next(3)), Any(type), Any(type)),
            5 => Node.Binary((BinaryOperation)((int)BinaryOperation.ShiftLeft + random.Next(3)), Any(type), random.Next(2) == 0 ? Any(type) : Node.Constant(type, random.Next(64))),
            _ => Node.Binary((BinaryOperation)random.Next(3), Any(type), Any(type)),
        },
    };
}
