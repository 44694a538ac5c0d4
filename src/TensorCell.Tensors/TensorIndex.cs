namespace TensorCell.Tensors;

/// <summary>
/// One entry of <c>tensor[…]</c>: an index, which removes its axis; a range, which keeps it; a new axis; an integer tensor, whose axes take the
/// place of its axis; or a bool tensor, which takes as many axes as it has and puts one in their place: the elements where it holds.
/// </summary>
public readonly struct TensorIndex
{
    private enum Kind : byte
    {
        Range,
        Index,
        NewAxis,
        Ellipsis,
        Tensor,
    }

    private readonly Kind kind;
    private readonly Range range;
    private readonly Index index;

    private TensorIndex(Kind kind, Range range, Index index, int step, Tensor? tensor = null)
    {
        Tensor = tensor;
        this.kind = kind;
        this.range = range;
        this.index = index;
        Step = step;
    }

    /// <summary>An axis of length 1 at this place.</summary>
    public static TensorIndex NewAxis { get; } = new(Kind.NewAxis, default, default, 1);

    /// <summary>As many whole axes as the other entries leave.</summary>
    public static TensorIndex Ellipsis { get; } = new(Kind.Ellipsis, default, default, 1);

    /// <summary>From one element to the next taken; negative runs backwards.</summary>
    internal int Step { get; }

    /// <summary>The indices, or the condition, when given as a tensor.</summary>
    internal Tensor? Tensor { get; }

    internal bool IsIndex => kind == Kind.Index;

    internal bool IsRange => kind == Kind.Range;

    /// <summary>How many axes of the tensor it takes.</summary>
    internal int Consumed => kind switch
    {
        Kind.NewAxis or Kind.Ellipsis => 0,
        Kind.Tensor when Tensor!.DType == TensorCell.Kernels.DType.Bool => Tensor.Rank,
        _ => 1,
    };

    internal bool IsNewAxis => kind == Kind.NewAxis;

    internal bool IsEllipsis => kind == Kind.Ellipsis;

    /// <summary>The element at an index; a negative one counts from the end.</summary>
    public static implicit operator TensorIndex(int index) =>
        new(Kind.Index, default, index < 0 ? new Index(-Math.Max(index, -int.MaxValue), fromEnd: true) : index, 1);

    /// <summary>The element at an index.</summary>
    public static implicit operator TensorIndex(Index index) => new(Kind.Index, default, index, 1);

    /// <summary>The elements of a range.</summary>
    public static implicit operator TensorIndex(Range range) => new(Kind.Range, range, default, 1);

    /// <summary>The parts at the tensor's indices; or, of a bool tensor, the elements where it holds.</summary>
    public static implicit operator TensorIndex(Tensor indices) => new(Kind.Tensor, Range.All, default, 1, indices);

    /// <summary>The parts at several indices.</summary>
    public static implicit operator TensorIndex(int[] indices) => Tensor.From(indices.AsSpan());

    /// <summary>Every <paramref name="step"/>-th element of a range; a negative step runs backwards from the range's end.</summary>
    public static TensorIndex Every(int step, Range? range = null) => step == 0
        ? Throw.Argument<TensorIndex>("slice: a step of 0")
        : new TensorIndex(Kind.Range, range ?? Range.All, default, step);

    /// <summary>Where the index is on an axis.</summary>
    internal int Resolve(int axis, Shape shape)
    {
        int offset = index.GetOffset(shape[axis]);
        if (offset < 0 || offset >= shape[axis])
        {
            Throw.Index("index", index.IsFromEnd ? -index.Value : index.Value, axis, shape);
        }

        return offset;
    }

    /// <summary>First element and number of elements of the range on an axis. As in C#, ends beyond the axis are errors.</summary>
    internal (int First, int Count) ResolveRange(int axis, Shape shape)
    {
        int length = shape[axis];
        int start = range.Start.GetOffset(length);
        int end = range.End.GetOffset(length);
        if (start < 0 || end > length || start > end)
        {
            Throw.Argument($"slice: {range} is out of range for axis {axis} of shape {shape}, which has {length} elements");
        }

        long step = Math.Abs((long)Step);
        return (Step > 0 ? start : end - 1, (int)((end - start + step - 1) / step));
    }
}
