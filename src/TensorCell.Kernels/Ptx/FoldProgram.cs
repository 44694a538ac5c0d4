using System.Collections.Immutable;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Ptx;

/// <summary>
/// A pass of a reduction as a grid program. The reduced values of a result are cut into segments; the order of folding depends on lengths alone,
/// so that results are the same at every launch.
/// </summary>
/// <remarks>
/// Uniforms: those of the map, if values are folded; how many values are reduced (i64), how many there were in all (i64), segments (i32), values of a
/// segment (i64); lengths of the kept and of the reduced dimensions but the first; then strides, in elements, for each input those of the kept
/// and of the reduced dimensions, for each output those of the kept ones and of segments.
/// </remarks>
internal static class FoldProgram
{
    /// <summary>Items of a group that fold a result together.</summary>
    public const int GroupSize = 256;

    /// <summary>The kernel of a pass.</summary>
    public static PtxKernel Emit(KernelFunction map, ReduceOperation operation, FoldShape shape, bool contraction)
    {
        var rules = new FoldRules(operation, map.Results[0].Type);
        var region = new Region();
        var uniforms = shape.IsFirst ? map.Uniforms.ToList() : [];
        var access = new StridedAccess(region, uniforms);
        var (count, total) = (access.Uniform(DType.Int64), access.Uniform(DType.Int64));
        var (segments, length) = (access.Uniform(DType.Int32), access.Uniform(DType.Int64));
        Node result = new IndexNode(IndexKind.Global, 0);
        Node segment = new IndexNode(IndexKind.Global, 1);
        if (shape.ByGroup)
        {
            Node group = new IndexNode(IndexKind.Group, 0);
            (result, segment) = (
                access.Divide(BinaryOperation.DivideUnsigned, group, segments), access.Divide(BinaryOperation.RemainderUnsigned, group, segments));
        }

        var kept = access.Coordinates(result, shape.KeptRank);
        var body = new Region();
        var inner = new StridedAccess(body, uniforms);
        var at = new VariableNode(DType.Int64, "r");
        Node[] coordinates = [.. kept, .. inner.Coordinates(at, shape.ReducedRank)];
        var views = new List<ViewOperand>();
        var inputs = new List<Node>();
        foreach (var type in shape.IsFirst ? [.. map.Parameters] : rules.Types)
        {
            inputs.Add(Load(body, views, type, inner.Place(coordinates)));
        }

        var values = shape.IsFirst ? rules.Single(Value(map, inputs, contraction), at) : [.. inputs];
        VariableNode[] accumulators = [.. rules.Types.Select(type => new VariableNode(type, "sum"))];
        var (start, end, step) = Segment(shape.ByGroup, segment, segments, length, count);
        var following = Node.Binary(BinaryOperation.Add, at, step);
        var combined = rules.Combine(accumulators, values);
        VariableNode[] looped = [.. rules.Types.Select(type => new VariableNode(type))];
        var loop = new Region();
        loop.Statements.Add(new LoopStatement(
            [at, .. accumulators], [start, .. rules.Identity], body, Node.Compare(Comparison.Less, following, end), [following, .. combined], [.. looped], [.. combined]));
        VariableNode[] folded = [.. rules.Types.Select(type => new VariableNode(type))];
        region.Statements.Add(new IfStatement(
            Node.Compare(Comparison.Less, start, end), loop, new Region(), [.. folded], [.. looped], [.. rules.Identity]));
        Node[] place = [.. kept, segment];
        if (!shape.ByGroup)
        {
            Store(region, rules, shape, access, views, folded, place, total);
            return PtxEmitter.Emit(Program(map.Name, 2, views, uniforms, [], region, []));
        }

        VariableNode[] left = [.. rules.Types.Select(type => new VariableNode(type))];
        VariableNode[] right = [.. rules.Types.Select(type => new VariableNode(type))];
        var final = new Region();
        Store(final, rules, shape, access, views, left, place, total);
        var fold = new PtxFold([.. left], [.. right], [.. rules.Combine(left, right)], final);
        return PtxEmitter.Emit(Program(map.Name, 1, views, uniforms, [GroupSize, 1, 1], region, [.. folded]), fold);
    }

    /// <summary>The first value of an item, the end of its values, and the way to its next.</summary>
    private static (Node Start, Node End, Node Step) Segment(bool byGroup, Node segment, Node segments, Node length, Node count)
    {
        Node Times(Node left, Node right) => Node.Binary(BinaryOperation.Multiply, left, right);
        var (index, width) = (Node.Convert(segment, DType.Int64), Node.Constant((long)GroupSize));
        if (!byGroup)
        {
            var first = Times(index, length);
            return (first, Node.Binary(BinaryOperation.Min, count, Node.Binary(BinaryOperation.Add, first, length)), Node.Constant(1L));
        }

        var item = Node.Convert(new IndexNode(IndexKind.Local, 0), DType.Int64);
        return (Node.Binary(BinaryOperation.Add, Times(index, width), item), count, Times(Node.Convert(segments, DType.Int64), width));
    }

    private static Node Value(KernelFunction map, List<Node> inputs, bool contraction)
    {
        var optimized = KernelFunction.Create(
            map.Name, [.. map.Parameters], [.. map.Uniforms], Optimizer.Optimize(map.Results, contraction));
        return optimized.Inline([.. inputs], [.. map.Uniforms.Select((type, i) => Node.Uniform(i, type))])[0];
    }

    private static VariableNode Load(Region region, List<ViewOperand> views, DType type, Node place)
    {
        var value = new VariableNode(StorageTypes.Of(type).Computed);
        views.Add(new(views.Count, $"input {views.Count}", StorageTypes.Of(type), 1));
        region.Statements.Add(new LoadStatement(value, views[^1], [place]));
        return value;
    }

    private static void Store(
        Region region, FoldRules rules, FoldShape shape, StridedAccess access, List<ViewOperand> views, Node[] accumulated, Node[] place, Node total)
    {
        Node[] stored = shape.IsLast ? [rules.Finish(accumulated, total)] : accumulated;
        foreach (var value in stored)
        {
            views.Add(new(views.Count, "output", StorageTypes.Of(value.Type), 1));
            region.Statements.Add(new StoreStatement(views[^1], [access.Place(place)], value));
        }
    }

    private static GridProgram Program(
        string name, int rank, List<ViewOperand> views, List<DType> uniforms, ImmutableArray<int> group, Region body, ImmutableArray<Node> results) => new()
        {
            Name = name,
            Rank = rank,
            Views = [.. views],
            Uniforms = [.. uniforms],
            GroupExtents = group,
            Body = body,
            Results = results,
            Unchecked = true,
        };
}
