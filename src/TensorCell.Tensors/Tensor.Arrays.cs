using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Arrays of several dimensions and sequences of sequences: in, over the array itself where it has one piece of memory, and out.
public sealed partial class Tensor
{
    /// <summary>A matrix over the array itself, without a copy; the tensor keeps it alive and in its place.</summary>
    public static Tensor From<T>(T[,] array)
        where T : unmanaged => Over<T>(array);

    /// <summary>A tensor of three axes over the array itself, without a copy; the tensor keeps it alive and in its place.</summary>
    public static Tensor From<T>(T[,,] array)
        where T : unmanaged => Over<T>(array);

    /// <summary>A tensor of four axes over the array itself, without a copy; the tensor keeps it alive and in its place.</summary>
    public static Tensor From<T>(T[,,,] array)
        where T : unmanaged => Over<T>(array);

    /// <summary>A matrix of the numbers of sequences, a row each: of an array of arrays, a list of lists.</summary>
    /// <exception cref="ArgumentException">Two rows have different lengths.</exception>
    public static Tensor From<T>(IEnumerable<IEnumerable<T>> rows)
        where T : unmanaged => NestedSequence<T>.ToTensor(rows, 2);

    /// <summary>A tensor of three axes of the numbers of sequences of sequences.</summary>
    /// <exception cref="ArgumentException">Two of a depth have different lengths.</exception>
    public static Tensor From<T>(IEnumerable<IEnumerable<IEnumerable<T>>> parts)
        where T : unmanaged => NestedSequence<T>.ToTensor(parts, 3);

    /// <summary>A tensor of four axes of the numbers of sequences of sequences of sequences.</summary>
    /// <exception cref="ArgumentException">Two of a depth have different lengths.</exception>
    public static Tensor From<T>(IEnumerable<IEnumerable<IEnumerable<IEnumerable<T>>>> parts)
        where T : unmanaged => NestedSequence<T>.ToTensor(parts, 4);

    /// <summary>The elements of a matrix, in a new array.</summary>
    /// <exception cref="InvalidOperationException">They have another type, or the tensor another number of axes.</exception>
    public TElement[,] ToArray2D<TElement>()
        where TElement : unmanaged
    {
        RequireAxes<TElement>("toArray2D", 2);
        return Filled<TElement, TElement[,]>(new TElement[Shape[0], Shape[1]]);
    }

    /// <summary>The elements of a tensor of three axes, in a new array.</summary>
    /// <inheritdoc cref="ToArray2D{TElement}"/>
    public TElement[,,] ToArray3D<TElement>()
        where TElement : unmanaged
    {
        RequireAxes<TElement>("toArray3D", 3);
        return Filled<TElement, TElement[,,]>(new TElement[Shape[0], Shape[1], Shape[2]]);
    }

    /// <summary>The elements of a tensor of four axes, in a new array.</summary>
    /// <inheritdoc cref="ToArray2D{TElement}"/>
    public TElement[,,,] ToArray4D<TElement>()
        where TElement : unmanaged
    {
        RequireAxes<TElement>("toArray4D", 4);
        return Filled<TElement, TElement[,,,]>(new TElement[Shape[0], Shape[1], Shape[2], Shape[3]]);
    }

    private static Tensor Over<T>(Array array)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return Wrap(Storage.WrapArray<T>(array), Shape.Of([.. Enumerable.Range(0, array.Rank).Select(array.GetLength)]), DTypes.Of<T>());
    }

    private void RequireAxes<TElement>(string operation, int rank)
        where TElement : unmanaged
    {
        RequireType<TElement>(operation);
        if (Rank != rank)
        {
            Throw.Invalid($"{operation}: shape {Shape} has {Rank} axes; Reshape it to {rank}");
        }
    }

    private TArray Filled<TElement, TArray>(TArray array)
        where TElement : unmanaged
        where TArray : class
    {
        Fill<TElement>((Array)(object)array);
        return array;
    }

    /// <summary>Copies the elements to an array of as many, in row-major order.</summary>
    private void Fill<TElement>(Array array)
        where TElement : unmanaged
    {
        Realize();
        using StorageAccess access = StorageAccess.Read();
        Storage storage = Storage;
        if (IsContiguous)
        {
            ref byte start = ref MemoryMarshal.GetArrayDataReference(array);
            storage.CopyTo(Layout.Offset, MemoryMarshal.CreateSpan(ref Unsafe.As<byte, TElement>(ref start), array.Length));
        }
        else
        {
            using Storage target = Storage.WrapArray<TElement>(array);
            Elements.Copy(new Operand(Value, Layout), target, Layout.Of(Shape));
        }
    }
}
