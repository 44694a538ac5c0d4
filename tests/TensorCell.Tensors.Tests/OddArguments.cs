using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Arguments of any kind that public methods of tensors take: mostly likely ones, now and then odd ones, and wrong ones.</summary>
internal sealed class OddArguments(int seed)
{
    private static readonly string[] sizes =
        ["rows", "columns", "count", "classes", "length", "minimumLength", "parts", "padding", "bins", "order", "lengths", "repeats", "widths", "width", "value", "shape", "groups"];

    private readonly Samples samples = new(seed);

    // What the tensors of one call have in common, so that they often fit together.
    private int[] shape = [];
    private DType dtype;

    private Random Random => samples.Random;

    /// <summary>Whether there can be an argument of the type.</summary>
    public static bool CanMake(Type type) => type == typeof(Tensor) || type == typeof(Shape) || type == typeof(Axes) || type == typeof(TensorIndex)
        || type == typeof(Range) || type == typeof(string) || type == typeof(int) || type == typeof(double) || type == typeof(bool) || type.IsEnum
        || type == typeof((int, int)) || type == typeof(Size2) || (Nullable.GetUnderlyingType(type) is { } underlying && CanMake(underlying))
        || (type.IsByRefLike && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>) && CanMake(type.GetGenericArguments()[0]));

    /// <summary>Arguments of a call.</summary>
    public object?[] Of(PublicMethod method)
    {
        shape = samples.Shape();
        dtype = Random.Next(3) == 0 ? DType.Float32 : AnyDType();
        return [.. method.ParameterTypes.Zip(method.ParameterNames, Make)];
    }

    private DType AnyDType() => (DType)Random.Next(9);

    private object? Make(Type type, string name)
    {
        if (type.IsByRefLike)
        {
            Type element = type.GetGenericArguments()[0];
            Array array = Array.CreateInstance(element, Random.Next(5));
            for (int index = 0; index < array.Length; index++)
            {
                array.SetValue(Make(element, name), index);
            }

            return array;
        }

        return Nullable.GetUnderlyingType(type) is { } underlying
            ? Random.Next(2) == 0 ? null : Make(underlying, name)
            : type == typeof(Tensor) ? Random.Next(40) == 0 && name != "this" ? null : AnyTensor(name)
            : type == typeof(Shape) ? Shape.Of(samples.Shape())
            : type == typeof(Axes) ? Axes.Of([.. Enumerable.Range(0, Random.Next(3)).Select(_ => Integer("axis"))])
            : type == typeof(TensorIndex) ? Entry()
            : type == typeof(Range) ? AnyRange()
            : type == typeof(string) ? Random.Next(8) == 0 ? null : ((string[])["cpu", "ij,jk->ik", "ij->ji", "i,i", "ab->", "...", "x", "", "ii->i"])[Random.Next(9)]
            : type == typeof(int) ? Integer(name)
            : type == typeof(double) ? Real()
            : type == typeof(bool) ? Random.Next(2) == 0
            : type == typeof((int, int)) ? (Integer(name), Integer(name))
            : type == typeof(Size2) ? new Size2(Integer("length"), Integer("length"))
            : Enum.ToObject(type, type == typeof(DType) ? Random.Next(9) : Random.Next(Enum.GetValues(type).Length));
    }

    private int Integer(string name) => Random.Next(30) != 0 ? Random.Next(4) == 0 ? Random.Next(-5, 8) : Random.Next(-1, 3)
        : sizes.Contains(name) ? -Random.Next(1 << 20)
        : ((int[])[int.MinValue, int.MaxValue, int.MinValue + 1, 1 << 30, -(1 << 30)])[Random.Next(5)];

    private double Real() => Random.Next(4) != 0 ? Random.NextDouble() * 3
        : ((double[])[0, -0.0, -1, 1, 2, 1e300, -1e300, 1e-300, double.NaN, double.PositiveInfinity, double.NegativeInfinity])[Random.Next(11)];

    private Range AnyRange() => new(
        new Index(Random.Next(4), Random.Next(2) == 0), Random.Next(2) == 0 ? ^0 : new Index(Random.Next(5), Random.Next(2) == 0));

    private TensorIndex Entry() => Random.Next(7) switch
    {
        0 => TensorIndex.NewAxis,
        1 => TensorIndex.Ellipsis,
        2 => AnyRange(),
        3 => TensorIndex.Every(Random.Next(2) == 0 ? 2 : -Random.Next(1, 4)),
        4 => AnyTensor("indices"),
        5 => AnyTensor("mask"),
        _ => Integer("axis"),
    };

    private Tensor AnyTensor(string name)
    {
        if (Random.Next(10) == 0)
        {
            return ((Tensor[])[0, 1, -1, 0.5, true, 3L, 1f, 300, 1L << 40, double.NaN])[Random.Next(10)];
        }

        int[] own = Random.Next(5) switch
        {
            < 2 => shape,
            2 => samples.BroadcastableTo(shape),
            3 => [.. shape.Reverse()],
            _ => samples.Shape(),
        };
        bool isIndex = name is "indices" or "index" or "counts" or "places";
        DType type = isIndex && Random.Next(4) != 0 ? DType.Int64
            : name is "mask" or "condition" && Random.Next(8) != 0 ? DType.Bool
            : Random.Next(3) != 0 ? dtype
            : AnyDType();
        (double low, double high) = isIndex ? (-1, Random.Next(3)) : type switch
        {
            DType.UInt8 => (0, 255),
            DType.Bool => (0, 1),
            _ => (-6, 6),
        };
        Tensor tensor = samples.Tensor(own, type, low, high).Tensor;
        return Random.Next(6) switch
        {
            0 when !isIndex => type.IsFloatingPoint ? tensor + 0.25 : type == DType.Bool ? tensor ^ true : tensor * 1,
            1 => tensor.BroadcastTo(tensor.Shape).Reshape(tensor.Shape),
            2 when type.IsFloatingPoint => tensor / (tensor - tensor),
            _ => tensor,
        };
    }
}
