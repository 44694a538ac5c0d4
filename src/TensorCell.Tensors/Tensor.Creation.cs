using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Making tensors of numbers, arrays and memory.
public sealed partial class Tensor
{
    /// <summary>A vector over the array itself, without a copy: later writes to the array show in the tensor and the other way round.</summary>
    public static Tensor From<T>(T[] array)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return Wrap(Storage.WrapArray<T>(array), Shape.Of(array.Length), DTypes.Of<T>());
    }

    /// <summary>A tensor of a shape over the array itself, in row-major order, without a copy.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static Tensor From<T>(T[] array, Shape shape)
        where T : unmanaged => From(array).Reshape(shape);

    /// <summary>A vector of a copy of the span's elements.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> span)
        where T : unmanaged => From(span, Shape.Of(span.Length));

    /// <summary>A tensor of a copy of the span's elements, in row-major order.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> span, Shape shape)
        where T : unmanaged
    {
        DType dtype = DTypes.Of<T>();
        if (shape.Count != span.Length)
        {
            Throw.Argument($"from: {span.Length} elements do not fill shape {shape}, which has {shape.Count}");
        }

        Storage storage = Storage.Allocate(shape.Count * dtype.Size);
        storage.CopyFrom(span, 0);
        return Wrap(storage, shape, dtype);
    }

    /// <summary>A vector of the numbers of a sequence.</summary>
    public static Tensor From<T>(IEnumerable<T> sequence)
        where T : unmanaged => From(sequence.ToArray());

    /// <summary>A scalar, of the number's own type.</summary>
    public static Tensor Scalar<T>(T number)
        where T : unmanaged => From(new ReadOnlySpan<T>(in number), default);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32) => Full(shape, new Number(0L), dtype);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32) => Full(shape, new Number(1L), dtype);

    /// <summary>A tensor of one number. It takes no memory until it is written to or read.</summary>
    public static Tensor Full(Shape shape, double number, DType dtype = DType.Float32) => Full(shape, new Number(number), dtype);

    /// <summary>A tensor of one truth value.</summary>
    public static Tensor Full(Shape shape, bool truth, DType dtype = DType.Bool) => Full(shape, new Number(truth), dtype);

    /// <summary>Zeros of the shape and type of another tensor.</summary>
    public static Tensor ZerosLike(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Zeros(tensor.Shape, tensor.DType);
    }

    /// <summary>Ones of the shape and type of another tensor.</summary>
    public static Tensor OnesLike(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Ones(tensor.Shape, tensor.DType);
    }

    /// <summary>0, 1, … below <paramref name="stop"/>.</summary>
    public static Tensor Arange(double stop, DType dtype = DType.Float32) => Arange(0, stop, 1, dtype);

    /// <summary>start, start + step, … short of <paramref name="stop"/>.</summary>
    /// <exception cref="ArgumentException">The step is 0 or not finite, or there would be more than 2^31 - 1 elements.</exception>
    public static Tensor Arange(double start, double stop, double step = 1, DType dtype = DType.Float32)
    {
        double count = Math.Ceiling((stop - start) / step);
        if (step == 0 || !double.IsFinite(count) || count > int.MaxValue)
        {
            Throw.Argument($"arange: {start} to {stop} by {step} is no finite sequence of at most {int.MaxValue} elements");
        }

        return Series((int)Math.Max(count, 0), index => start + (index * step), dtype);
    }

    /// <summary>Evenly spaced numbers from <paramref name="start"/> to <paramref name="stop"/>, both included.</summary>
    public static Tensor Linspace(double start, double stop, int count, DType dtype = DType.Float32)
    {
        if (count < 0)
        {
            Throw.Argument($"linspace: {count} elements asked for");
        }

        double step = count > 1 ? (stop - start) / (count - 1) : 0;
        return Series(count, index => index == count - 1 && count > 1 ? stop : start + (index * step), dtype);
    }

    /// <summary>A matrix with ones on its diagonal.</summary>
    public static Tensor Eye(int rows, int? columns = null, DType dtype = DType.Float32)
    {
        Tensor row = Arange(rows, DType.Int32).Unsqueeze(1);
        return row.EqualTo(Arange(columns ?? rows, DType.Int32)).To(dtype).Realize();
    }

    internal static Tensor Full(Shape shape, Number number, DType dtype)
    {
        // Held as the element it becomes, so that 0.1 is the same number in a kernel as in memory.
        Number rounded = dtype == DType.Float32 ? new Number((double)(float)number.AsDouble)
            : dtype.IsFloatingPoint ? number
            : dtype == DType.Bool ? new Number(number.AsDouble != 0)
            : new Number(number.AsLong);
        return new Tensor(new Value(Layout.Of(shape), dtype, new ConstantOperation(rounded), 0));
    }

    internal static Tensor Wrap(Storage storage, Shape shape, DType dtype) =>
        new(new Value(Layout.Of(shape), dtype, storage));

    private static unsafe Tensor Series(int count, Func<long, double> term, DType dtype)
    {
        Storage storage = Storage.Allocate((long)count * sizeof(double));
        Span<double> terms = new((double*)storage.Address, count);
        for (int index = 0; index < count; index++)
        {
            terms[index] = term(index);
        }

        GC.KeepAlive(storage);
        return Wrap(storage, Shape.Of(count), DType.Float64).To(dtype).Realize();
    }
}
