using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>An array as it goes to NumPy and comes back.</summary>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Data">Its elements in row-major order.</param>
internal sealed record NumPyArray(DType DType, int[] Shape, byte[] Data)
{
    /// <summary>The elements as doubles.</summary>
    public double[] Numbers => DType switch
    {
        DType.Bool or DType.UInt8 => [.. Data.Select(element => (double)element)],
        DType.Int8 => As<sbyte>(element => element),
        DType.Int32 => As<int>(element => element),
        DType.Int64 => As<long>(element => element),
        DType.Float16 => As<Half>(element => (double)element),
        DType.BFloat16 => As<ushort>(element => BitConverter.UInt32BitsToSingle((uint)element << 16)),
        DType.Float32 => As<float>(element => element),
        _ => As<double>(element => element),
    };

    /// <summary>A tensor's elements. NumPy has no bf16: those go as f32.</summary>
    public static NumPyArray Of(Tensor tensor)
    {
        Tensor plain = (tensor.DType == DType.BFloat16 ? tensor.To(DType.Float32) : tensor).Detach().Contiguous().Realize();
        byte[] data = new byte[plain.ByteSize];
        plain.Storage.CopyTo<byte>(plain.Layout.Offset * plain.DType.Size, data);
        return new NumPyArray(plain.DType, plain.Shape.ToArray(), data);
    }

    /// <summary>The array as a tensor.</summary>
    public Tensor ToTensor()
    {
        Shape shape = TensorCell.Tensors.Shape.Of(Shape);
        Storage storage = Storage.Allocate(Data.Length);
        storage.CopyFrom<byte>(Data, 0);
        return Tensor.Wrap(storage, shape, DType);
    }

    /// <summary>Compares a tensor with this: shape, type, and every bit, but that one NaN is as good as another.</summary>
    public void AssertEqual(Tensor actual, string what = "") => AssertEqual(actual, 0, what);

    /// <summary>Compares a tensor with this.</summary>
    /// <param name="actual">A tensor; bf16 counts as the f32 that NumPy was given for it.</param>
    /// <param name="tolerance">Allowed difference relative to the greater of 1 and the element.</param>
    /// <param name="what">What was computed, for the error.</param>
    public void AssertEqual(Tensor actual, double tolerance, string what = "")
    {
        NumPyArray found = Of(actual);
        Assert.True(
            found.DType == DType && found.Shape.SequenceEqual(Shape),
            $"{what}: expected {DType.Name} [{string.Join(", ", Shape)}], found {found.DType.Name} [{string.Join(", ", found.Shape)}]");
        if (Data.AsSpan().SequenceEqual(found.Data))
        {
            return;
        }

        double[] wanted = Numbers;
        double[] numbers = found.Numbers;
        for (int index = 0; index < wanted.Length; index++)
        {
            bool isEqual = wanted[index].Equals(numbers[index])
                ? double.IsNaN(wanted[index]) || double.IsNegative(wanted[index]) == double.IsNegative(numbers[index]) || tolerance > 0
                : tolerance > 0 && (wanted[index] == numbers[index]
                    || Math.Abs(wanted[index] - numbers[index]) <= tolerance * Math.Max(1, Math.Abs(wanted[index])));
            Assert.True(isEqual, $"{what}: element {index} of {actual.Shape} {DType.Name}: expected {wanted[index]:R}, found {numbers[index]:R}");
        }
    }

    private double[] As<T>(Func<T, double> widen)
        where T : unmanaged => [.. MemoryMarshal.Cast<byte, T>(Data).ToArray().Select(widen)];
}
