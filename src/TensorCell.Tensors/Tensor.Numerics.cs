using System.Numerics.Tensors;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

// The tensors of System.Numerics.Tensors: in and out, over the same memory.
public sealed partial class Tensor
{
    /// <summary>
    /// A tensor over the memory of a tensor of System.Numerics.Tensors, slices and permutations included, without a copy: writes to one show in the other. It is
    /// kept alive, and pinned, while the tensor lives.
    /// </summary>
    /// <remarks>
    /// Where <c>using System.Numerics.Tensors</c> stands beside this library's, the name Tensor means two types; <c>using Tensor = TensorCell.Tensors.Tensor;</c>
    /// says which.
    /// </remarks>
    /// <exception cref="ArgumentException">It has an axis of more than 2^31 - 1 elements, or is a view that spans more.</exception>
    public static Tensor From<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Shape shape = ShapeOf(tensor.Lengths);
        long[] strides = new long[shape.Rank];
        long extent = shape.Count == 0 ? 0 : 1;
        for (int axis = 0; axis < strides.Length && extent > 0; axis++)
        {
            strides[axis] = tensor.Strides[axis];
            extent += (shape[axis] - 1) * strides[axis];
        }

        if (extent == 0)
        {
            return From(Array.Empty<T>(), shape);
        }

        Layout layout = new(shape, strides, 0);
        if (extent > int.MaxValue && !layout.IsContiguous)
        {
            Throw.Argument($"from: a view that spans {extent} elements; at most {int.MaxValue} are supported, so copy it with ToDenseTensor first");
        }

        NumericTensorStorage<T> storage = new(tensor, extent);
        return layout.IsContiguous
            ? Wrap(storage, shape, DTypes.Of<T>())
            : new Tensor(Wrap(storage, Shape.Of((int)extent), DTypes.Of<T>()), layout);
    }

    /// <summary>A tensor of a copy of the elements of a span of System.Numerics.Tensors.</summary>
    public static Tensor From<T>(in ReadOnlyTensorSpan<T> span)
        where T : unmanaged
    {
        Shape shape = ShapeOf(span.Lengths);
        T[] elements = GC.AllocateUninitializedArray<T>(checked((int)shape.Count));
        span.FlattenTo(elements);
        return From(elements, shape);
    }

    /// <inheritdoc cref="From{T}(in ReadOnlyTensorSpan{T})"/>
    public static Tensor From<T>(in TensorSpan<T> span)
        where T : unmanaged => From(span.AsReadOnlyTensorSpan());

    /// <summary>
    /// The elements in place, with the shape and strides of this tensor or view, as System.Numerics.Tensors takes them; the span keeps their memory alive. A
    /// scalar is given as one axis of length 1. Not to be used after the tensor is disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The elements have another type, or run backwards along an axis.</exception>
    public ReadOnlyTensorSpan<TElement> AsTensorSpan<TElement>()
        where TElement : unmanaged
    {
        Span<TElement> span = Spanned<TElement>("asTensorSpan", isWritten: false, out nint[] lengths, out nint[] strides);
        try
        {
            return Count == 0 ? new ReadOnlyTensorSpan<TElement>(span, lengths) : new ReadOnlyTensorSpan<TElement>(span, lengths, strides);
        }
        catch (ArgumentException)
        {
            return new ReadOnlyTensorSpan<TElement>(Unsaid<TElement>("asTensorSpan"));
        }
    }

    /// <summary>
    /// The elements as a span to write to, with the shape and strides of this tensor or view, which keeps their memory alive. Finish writing before the tensor
    /// is used again.
    /// </summary>
    /// <exception cref="InvalidOperationException">The elements have another type, run backwards along an axis, or repeat.</exception>
    public TensorSpan<TElement> AsWritableTensorSpan<TElement>()
        where TElement : unmanaged
    {
        Span<TElement> span = Spanned<TElement>("asWritableTensorSpan", isWritten: true, out nint[] lengths, out nint[] strides);
        try
        {
            return Count == 0 ? new TensorSpan<TElement>(span, lengths) : new TensorSpan<TElement>(span, lengths, strides);
        }
        catch (ArgumentException)
        {
            return new TensorSpan<TElement>(Unsaid<TElement>("asWritableTensorSpan"));
        }
    }

    // System.Numerics.Tensors refuses strides that interleave, even where no two elements share memory.
    private TElement[] Unsaid<TElement>(string operation) => Throw.Invalid<TElement[]>(
        $"{operation}: a TensorSpan cannot say how this view lies (shape {Shape}, strides [{string.Join(", ", Strides.ToArray())}]); use Contiguous() or Clone() first");

    private static Shape ShapeOf(ReadOnlySpan<nint> lengths)
    {
        int[] shape = new int[lengths.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = lengths[axis] <= int.MaxValue
                ? (int)lengths[axis]
                : Throw.Argument<int>($"from: axis {axis} has {lengths[axis]} elements; at most {int.MaxValue} are supported");
        }

        return Shape.Of(shape);
    }

    private Span<TElement> Spanned<TElement>(string operation, bool isWritten, out nint[] lengths, out nint[] strides)
        where TElement : unmanaged
    {
        RequireType<TElement>(operation);
        int rank = Math.Max(Rank, 1);
        (lengths, strides) = (new nint[rank], new nint[rank]);
        lengths[0] = 1;
        long extent = Count == 0 ? 0 : 1;
        for (int axis = 0; axis < Rank; axis++)
        {
            lengths[axis] = Shape[axis];

            // Where nothing is beyond the first element, System.Numerics.Tensors wants no stride.
            strides[axis] = Shape[axis] > 1 && extent > 0 ? (nint)Strides[axis] : 0;
            extent += (Shape[axis] - 1) * (long)strides[axis];
            if (strides[axis] < 0 || (isWritten && strides[axis] == 0 && Shape[axis] > 1 && extent > 0))
            {
                Throw.Invalid(
                    $"{operation}: the elements of this view (shape {Shape}, strides [{string.Join(", ", Strides.ToArray())}]) {(strides[axis] < 0 ? "run backwards" : "repeat")} along axis {axis}, which {(isWritten ? "a writable" : "a")} TensorSpan cannot say; use Contiguous() or Clone() first");
            }
        }

        if (isWritten)
        {
            RequireUntracked(operation);
            BeginWrite();
        }

        return Storage.AsSpan<TElement>(Layout.Offset, checked((int)extent));
    }
}
