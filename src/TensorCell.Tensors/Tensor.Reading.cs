using System.Collections;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Taking elements out. Every read computes what is pending.
public sealed partial class Tensor
{
    /// <summary>The element of a tensor of one element.</summary>
    public static explicit operator float(Tensor tensor) => (float)Only(tensor).AsDouble;

    /// <summary>The element of a tensor of one element.</summary>
    public static explicit operator double(Tensor tensor) => Only(tensor).AsDouble;

    /// <summary>The element of a tensor of one element, truncated.</summary>
    public static explicit operator int(Tensor tensor) => Only(tensor).AsLong is >= int.MinValue and <= int.MaxValue and var number
        ? (int)number
        : Throw.Invalid<int>("convert: the element does not fit an int; convert it to a long or a double");

    /// <summary>The element of a tensor of one element, truncated.</summary>
    public static explicit operator long(Tensor tensor) => Only(tensor).AsLong;

    /// <summary>Whether the element of a tensor of one element is not zero.</summary>
    public static explicit operator bool(Tensor tensor) => Only(tensor).AsDouble != 0;

    /// <summary>The element of a tensor of one element.</summary>
    /// <exception cref="InvalidOperationException">There are more, or none, or they have another type.</exception>
    public TElement Item<TElement>()
        where TElement : unmanaged
    {
        RequireOne("item");
        RequireType<TElement>("item");
        return Storage.Read<TElement>(Layout.Offset);
    }

    /// <summary>The element of a tensor of one element, as a double whatever its type.</summary>
    public double ToDouble() => Only("item").AsDouble;

    /// <summary>The elements in row-major order, in a new array.</summary>
    /// <exception cref="InvalidOperationException">They have another type.</exception>
    public TElement[] ToArray<TElement>()
        where TElement : unmanaged
    {
        RequireType<TElement>("toArray");
        TElement[] array = GC.AllocateUninitializedArray<TElement>(Shape.Length("toArray", Count));
        Fill<TElement>(array);
        return array;
    }

    /// <summary>
    /// The elements in place, which the span keeps alive; the tensor must be contiguous. Not to be used after the tensor is disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">They have another type, or do not lie in row-major order.</exception>
    public ReadOnlySpan<TElement> AsSpan<TElement>()
        where TElement : unmanaged
    {
        RequireReadable<TElement>("asSpan");
        return Storage.AsSpan<TElement>(Layout.Offset, Shape.Length("asSpan", Count));
    }

    /// <summary>The elements in row-major order, one by one.</summary>
    public IEnumerable<TElement> AsEnumerable<TElement>()
        where TElement : unmanaged => ToArray<TElement>();

    /// <summary>The tensors along the first axis, as views.</summary>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (Rank == 0)
        {
            Throw.Invalid("enumerate: a scalar has no axis to enumerate");
        }

        for (int index = 0; index < Shape[0]; index++)
        {
            yield return this[index];
        }
    }

    private static Number Only(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Only("convert");
    }

    private Number Only(string operation)
    {
        RequireOne(operation);
        return Elements.Read(Storage, DType, Layout.Offset);
    }

    private void RequireOne(string operation)
    {
        if (Count != 1)
        {
            Throw.Invalid($"{operation}: shape {Shape} has {Count} elements; index or reduce it to one first");
        }
    }

    private void RequireReadable<TElement>(string operation)
        where TElement : unmanaged
    {
        RequireType<TElement>(operation);
        if (!IsContiguous)
        {
            Throw.Invalid(
                $"{operation}: the elements of this view (shape {Shape}, strides [{string.Join(", ", Strides.ToArray())}]) do not lie in row-major order; use Contiguous() or ToArray");
        }
    }

    private void RequireType<TElement>(string operation)
        where TElement : unmanaged
    {
        if (DTypes.Of<TElement>() != DType)
        {
            Throw.Invalid(
                $"{operation}: the tensor's elements are {DType.Name}, not {typeof(TElement).Name}; convert it with .To(DType.{DTypes.Of<TElement>()})");
        }
    }
}
