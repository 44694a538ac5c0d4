using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Picking parts by index along an axis, and writing parts so.
public sealed partial class Tensor
{
    /// <summary>
    /// The parts at given indices along an axis: indices [i…] of a tensor [n, m…] give [i…, m…] for axis 0. PyTorch's <c>index_select</c>.
    /// </summary>
    /// <param name="indices">A tensor of integers of any type; negative ones count from the end.</param>
    /// <param name="axis">The axis that is indexed.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Tensor Take(Tensor indices, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(indices);
        RequireCpu("take");
        axis = Shape.Axis("take", axis);
        Tensor positions = Positions("take", indices, axis, Shape, Tape.Keeps(this));
        Shape shape = Shape.Of([.. Shape.Take(axis), .. indices.Shape, .. Shape.Skip(axis + 1)]);
        return TakeAt(positions, axis, shape, new TakePart(axis, indices));
    }

    /// <summary>The parts at given indices along an axis.</summary>
    public Tensor Take(ReadOnlySpan<int> indices, int axis = 0) => Take(From(indices), axis);

    /// <summary>The rows of a table at given indices: indices [i…] of weights [n, d] give [i…, d].</summary>
    /// <param name="weights">The table, one row for each index.</param>
    /// <param name="indices">A tensor of integers; negative ones count from the end.</param>
    /// <param name="padding">The index of a row that gets no gradient, such as that of a filling token; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public static Tensor Embedding(Tensor weights, Tensor indices, int? padding = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(indices);
        if (weights.Rank != 2)
        {
            Throw.Argument($"embedding: weights of shape {weights.Shape}; they need to be a matrix of one row for each index");
        }

        weights.RequireCpu("embedding");
        int rows = weights.Shape[0];
        if (padding >= rows || padding < -rows)
        {
            Throw.Index("embedding: padding", padding.Value, 0, weights.Shape);
        }

        Tensor positions = Positions("embedding", indices, 0, weights.Shape, Tape.Keeps(weights));
        Tensor? isPadding = padding is { } filler && Tape.Keeps(weights) ? positions.EqualTo(filler < 0 ? filler + rows : filler) : null;
        return weights.TakeAt(positions, 0, Shape.Of([.. indices.Shape, weights.Shape[1]]), new TakePart(0, indices), isPadding);
    }

    /// <summary>
    /// The element that each index names along an axis: for axis 1, <c>result[i, j] = this[i, indices[i, j]]</c>. PyTorch's <c>gather</c>, and NumPy's
    /// <c>take_along_axis</c>.
    /// </summary>
    /// <param name="axis">The axis that is indexed.</param>
    /// <param name="indices">Integers; as many axes as this tensor, and along the others at most as long. The result has their shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Tensor Gather(int axis, Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        RequireCpu("gather");
        axis = Shape.Axis("gather", axis);
        RequireLanes("gather", indices, axis);
        Tensor positions = Positions("gather", indices, axis, Shape, Tape.Keeps(this), canBeNarrow: true);
        Layout lanes = Reached(indices.Shape, axis);
        Tensor result = Pending(
            new GatherOperation(axis, new Operand(Value, lanes), positions.As(positions.Shape)), indices.Shape, DType);
        return Tape.Keeps(this) ? PickingRules.Gather(result, this, axis, positions) : result;
    }

    /// <summary>A copy with parts added at indices along an axis; what goes to one index several times is added up. PyTorch's <c>index_add</c>.</summary>
    /// <param name="axis">The axis that is indexed.</param>
    /// <param name="indices">A vector of integers.</param>
    /// <param name="source">The parts, of this shape but for the axis, which is as long as the indices; it broadcasts to that, and takes this type.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Tensor IndexAdd(int axis, Tensor indices, Tensor source) => PutAlong("indexAdd", Fold.Sum, axis, indices, source);

    /// <summary>A copy with parts replaced at indices along an axis; of several for one index the last stays. PyTorch's <c>index_copy</c>.</summary>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexCopy(int axis, Tensor indices, Tensor source) => PutAlong("indexCopy", Fold.Replace, axis, indices, source);

    private Tensor PutAlong(string operation, Fold fold, int axis, Tensor indices, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        RequireCpu(operation);
        axis = Shape.Axis(operation, axis);
        if (indices.Rank != 1)
        {
            Throw.Argument($"{operation}: indices of shape {indices.Shape}; they need to be a vector (for an index of each element see Scatter)");
        }

        Shape parts = Shape.Of([.. Shape.Take(axis), indices.Shape[0], .. Shape.Skip(axis + 1)]);
        if (source.Rank > Rank || Shape.Broadcast(operation, source.Shape, parts) != parts)
        {
            Throw.Argument($"{operation}: parts of shape {source.Shape} do not broadcast to {parts}, which {indices.Shape[0]} indices along axis {axis} of {Shape} name");
        }

        source = source.To(DType);
        bool isKept = Tape.Keeps(this, source);
        Tensor positions = Positions(operation, indices, axis, Shape, isKept);
        DType wide = fold == Fold.Replace ? DType : Accumulated(DType);
        Tensor result = Untracked(() => Written(operation, fold, axis, positions, source.To(wide).As(parts), wide));
        return isKept ? PickingRules.Put(result, this, source, fold, axis, positions, parts) : result;
    }

    /// <summary>A copy with values written to positions along an axis, computed in a type.</summary>
    private Tensor Written(string operation, Fold fold, int axis, Tensor positions, Operand values, DType wide) => Pending(
        new PutOperation(
            operation, axis, [axis], Layout.RowMajor(Shape)[axis], fold, positions.As(positions.Shape), values, To(wide).As(Shape)),
        Shape,
        wide).To(DType);

    /// <summary>The parts at positions that are known to be right; none gets a gradient where that is ignored.</summary>
    private Tensor TakeAt(Tensor positions, int axis, Shape shape, TakePart part, Tensor? isIgnored = null)
    {
        // Many parts of which each is scattered over memory are taken from a copy in which they are not.
        Layout inner = Layout.Without([axis]);
        bool isScattered = axis < Rank - 1 && inner.Strides[^1] != 1 && positions.Count * 2 >= Shape[axis];
        Tensor source = isScattered ? Pending(new CopyOperation(As(Shape)), Shape, DType) : this;
        Tensor result = Pending(
            new TakeOperation(axis, source.Strides[axis], new Operand(source.Value, source.Layout.Without([axis])), positions.As(positions.Shape)),
            shape,
            DType);
        return Tape.Keeps(this) ? PickingRules.Take(result, this, positions, part, isIgnored) : result;
    }

    /// <summary>The type in which elements of a type are added up.</summary>
    internal static DType Accumulated(DType dtype) => dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : dtype;

    /// <summary>
    /// Indices along an axis as an i64 tensor in row-major order, none negative: checked now.
    /// </summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="shape">Of the tensor that is indexed.</param>
    /// <param name="isKept">Whether they will be read later, and so must not be those that somebody may write to.</param>
    /// <param name="canBeNarrow">Whether i32 will do, where they are that and not kept.</param>
    internal static unsafe Tensor Positions(string operation, Tensor indices, int axis, Shape shape, bool isKept, bool canBeNarrow = false)
    {
        if (indices.DType is DType.Bool || indices.DType.IsFloatingPoint)
        {
            Throw.Argument($"{operation}: indices must be integers, found {indices.DType.Name}; use .To(DType.Int64)");
        }

        DType type = canBeNarrow && !isKept && indices.DType == DType.Int32 ? DType.Int32 : DType.Int64;
        Tensor positions = indices.Detach().To(type).To(Device.Cpu).Contiguous().Realize();
        if (positions.Count == 0)
        {
            return positions;
        }

        int length = shape[axis];
        nint address = positions.Storage.Address;
        long least = type == DType.Int32
            ? Least(operation, (int*)address + positions.Layout.Offset, positions.Count, axis, shape)
            : Least(operation, (long*)address + positions.Layout.Offset, positions.Count, axis, shape);
        GC.KeepAlive(positions);
        return least < 0 ? Where(positions < 0, positions + length, positions).Realize()
            : isKept && ReferenceEquals(positions.root, indices.root) ? positions.Clone()
            : positions;
    }

    /// <summary>The least of indices, after all were checked.</summary>
    private static unsafe long Least<TIndex>(string operation, TIndex* first, long count, int axis, Shape shape)
        where TIndex : unmanaged, IBinaryInteger<TIndex>, IMinMaxValue<TIndex>
    {
        int length = shape[axis];
        (long least, long greatest) = IndexExtremes.Of(first, count);
        if (least < -length || greatest >= length)
        {
            long wrong = 0;
            while (long.CreateTruncating(first[wrong]) is var index && index < length && index >= -length)
            {
                wrong++;
            }

            Throw.Index(operation, long.CreateTruncating(first[wrong]), axis, shape);
        }

        return least;
    }

    /// <summary>Refuses what runs on the CPU only, before anything is moved.</summary>
    private void RequireCpu(string operation)
    {
        if (Device is not CpuDevice)
        {
            Throw.NotSupported($"{operation}: runs on the CPU, and its tensor is on {Device.Name}; move it to the CPU first with .To(\"cpu\")");
        }
    }

    private void RequireLanes(string operation, Tensor indices, int axis)
    {
        bool isFitting = indices.Rank == Rank;
        for (int other = 0; isFitting && other < Rank; other++)
        {
            isFitting = other == axis || indices.Shape[other] <= Shape[other];
        }

        if (!isFitting)
        {
            Throw.Argument(
                $"{operation}: indices of shape {indices.Shape} for shape {Shape} along axis {axis}: they need {Rank} axes, and along the others at most as many elements");
        }
    }

    /// <summary>How this tensor lies where indices of a shape reach: as long as they along the other axes.</summary>
    private Layout Reached(Shape indices, int axis)
    {
        int[] lengths = indices.ToArray();
        lengths[axis] = Shape[axis];
        return new Layout(Shape.Adopt(lengths), Layout.Strides, Layout.Offset);
    }

    private static Tensor Untracked(Func<Tensor> function)
    {
        using TapeScope scope = NoGrad();
        return function();
    }
}
