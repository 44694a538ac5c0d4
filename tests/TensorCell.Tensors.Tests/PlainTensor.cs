using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// A tensor of doubles that is computed one element at a time, beside a bound of what rounding can make of it: integers wrap as their type does, and
/// real numbers are not rounded but their error is counted.
/// </summary>
/// <param name="Memory">The elements, shared with views.</param>
/// <param name="Places">For each element in row-major order, where it is.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Type">The type of the elements.</param>
internal sealed record PlainTensor(PlainMemory Memory, int[] Places, int[] Shape, DType Type)
{
    /// <summary>The elements in row-major order.</summary>
    public double[] Numbers => Array.ConvertAll(Places, place => Memory.Numbers[place]);

    /// <summary>A bound of the rounding errors in it.</summary>
    public double Error => Memory.Error;

    /// <summary>The greatest magnitude; 0 of no elements.</summary>
    public double Magnitude => Places.Length == 0 ? 0 : Places.Max(place => Math.Abs(Memory.Numbers[place]));

    /// <summary>A tensor of elements of its own.</summary>
    /// <returns>Null where they are not fit to be compared: not finite, or so great that they leave the type or lose their digits.</returns>
    public static PlainTensor? Of(double[] numbers, int[] shape, DType type, double error)
    {
        double limit = type switch
        {
            DType.Float16 or DType.BFloat16 => 2000,
            DType.Float32 or DType.Float64 => 1e5,
            DType.Int64 => 1L << 50,
            // Beyond, doubles are no exact integers even before they wrap.
            _ => 1L << 52,
        };
        double greatest = numbers.Length == 0 ? 0 : numbers.Max(Math.Abs);
        if (!(greatest <= limit))
        {
            return null;
        }

        bool isReal = type.IsFloatingPoint;
        double bound = isReal ? error + (Unit(type) * greatest) : 0;
        return bound > 0.02 * Math.Max(1, greatest) && numbers.Length > 0
            ? null
            : new PlainTensor(new PlainMemory(isReal ? numbers : Array.ConvertAll(numbers, number => Wrapped(number, type)), bound), [.. Enumerable.Range(0, numbers.Length)], shape, type);
    }

    /// <summary>A view: for each index of a shape, the index here whose element it shows.</summary>
    public PlainTensor View(int[] shape, Func<int[], int[]> from) =>
        this with { Shape = shape, Places = [.. Reference.Indices(shape).Select(index => Places[Flat(from(index))])] };

    /// <summary>The element at an index of a shape that this broadcasts to.</summary>
    public double At(int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < Shape.Length; axis++)
        {
            flat = (flat * Shape[axis]) + (Shape[axis] == 1 ? 0 : index[axis + index.Length - Shape.Length]);
        }

        return Memory.Numbers[Places[flat]];
    }

    /// <summary>Whether no two elements share a place.</summary>
    public bool IsWritable => !Memory.IsFrozen && Places.Distinct().Count() == Places.Length;

    /// <summary>A number as an element of a type of integers, which wrap.</summary>
    public static double Wrapped(double number, DType type) => type switch
    {
        DType.Bool => number != 0 ? 1 : 0,
        DType.UInt8 => (byte)(long)number,
        DType.Int8 => (sbyte)(long)number,
        DType.Int32 => (int)(long)number,
        _ => number,
    };

    /// <summary>How far rounding to a type may go, as a part of the number.</summary>
    public static double Unit(DType type) => type switch
    {
        DType.Float64 => 1e-15,
        DType.Float32 => 5e-7,
        DType.Float16 => 1.0 / 2048,
        DType.BFloat16 => 1.0 / 256,
        _ => 0,
    };

    private int Flat(int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < Shape.Length; axis++)
        {
            flat = (flat * Shape[axis]) + index[axis];
        }

        return flat;
    }
}
