using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>A reduction in terms of the representation: what is accumulated, how two accumulations become one, and the result.</summary>
/// <param name="operation">How values are folded.</param>
/// <param name="type">The type of the values, not bool.</param>
internal sealed class FoldRules(ReduceOperation operation, DType type)
{
    /// <summary>The types of what is accumulated; of the Arg operations the value and its index.</summary>
    public DType[] Types => operation switch
    {
        ReduceOperation.Sum or ReduceOperation.Mean => [type.IsFloatingPoint ? DType.Float64 : DType.Int64],
        ReduceOperation.Max or ReduceOperation.Min => [type],
        _ => [type, DType.Int64],
    };

    /// <summary>The type of the result.</summary>
    public DType ResultType => operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin ? DType.Int64 : type;

    /// <summary>What no values accumulate to.</summary>
    public Node[] Identity => operation switch
    {
        ReduceOperation.Sum or ReduceOperation.Mean => [Node.Constant(Types[0], 0)],
        ReduceOperation.Max or ReduceOperation.Min => [Worst],
        _ => [Worst, Node.Constant(long.MaxValue)],
    };

    private bool IsMaximum => operation is ReduceOperation.Max or ReduceOperation.ArgMax;

    private Node Worst => type switch
    {
        DType.Int32 => Node.Constant(IsMaximum ? int.MinValue : int.MaxValue),
        DType.Int64 => Node.Constant(IsMaximum ? long.MinValue : long.MaxValue),
        _ => Node.Constant(type, IsMaximum ? double.NegativeInfinity : double.PositiveInfinity),
    };

    /// <summary>What one value accumulates to.</summary>
    /// <param name="value">The value.</param>
    /// <param name="index">Its index among the reduced ones: an i64.</param>
    public Node[] Single(Node value, Node index) => Types.Length == 1
        ? [Node.Convert(value, Types[0])]
        : [Node.Convert(value, Types[0]), index];

    /// <summary>What two accumulations together are.</summary>
    public Node[] Combine(ReadOnlySpan<Node> left, ReadOnlySpan<Node> right) => operation switch
    {
        ReduceOperation.Sum or ReduceOperation.Mean => [Node.Binary(BinaryOperation.Add, left[0], right[0])],
        ReduceOperation.Max => [Node.Binary(BinaryOperation.Max, left[0], right[0])],
        ReduceOperation.Min => [Node.Binary(BinaryOperation.Min, left[0], right[0])],
        _ => Better(left, right),
    };

    /// <summary>The result of an accumulation.</summary>
    /// <param name="accumulated">What was accumulated.</param>
    /// <param name="count">How many values there were: an i64.</param>
    public Node Finish(ReadOnlySpan<Node> accumulated, Node count) => operation switch
    {
        ReduceOperation.Mean => Node.Convert(
            Node.Binary(BinaryOperation.Divide, accumulated[0], Node.Convert(count, DType.Float64)), type),
        ReduceOperation.ArgMax or ReduceOperation.ArgMin => accumulated[1],
        _ => Node.Convert(accumulated[0], type),
    };

    /// <summary>The better value with its index: NaN before numbers, then by size, then the first.</summary>
    private Node[] Better(ReadOnlySpan<Node> left, ReadOnlySpan<Node> right)
    {
        var wins = Node.Compare(IsMaximum ? Comparison.Greater : Comparison.Less, right[0], left[0]);
        var ties = Node.Compare(Comparison.Equal, right[0], left[0]);
        if (type.IsFloatingPoint)
        {
            var leftUndefined = Node.Compare(Comparison.NotEqual, left[0], left[0]);
            var rightUndefined = Node.Compare(Comparison.NotEqual, right[0], right[0]);
            wins = Node.Binary(
                BinaryOperation.Or, wins, Node.Binary(BinaryOperation.And, rightUndefined, Node.Unary(UnaryOperation.Not, leftUndefined)));
            ties = Node.Binary(BinaryOperation.Or, ties, Node.Binary(BinaryOperation.And, rightUndefined, leftUndefined));
        }

        var isFirst = Node.Compare(Comparison.Less, right[1], left[1]);
        var takesRight = Node.Binary(BinaryOperation.Or, wins, Node.Binary(BinaryOperation.And, ties, isFirst));
        return [Node.Select(takesRight, right[0], left[0]), Node.Select(takesRight, right[1], left[1])];
    }
}
