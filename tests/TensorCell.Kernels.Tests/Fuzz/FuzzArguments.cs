using System.Reflection;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Arrays and numbers that a random kernel is launched with.</summary>
internal sealed class FuzzArguments
{
    private readonly FuzzKernel kernel;

    private FuzzArguments(FuzzKernel kernel, (int Z, int Y, int X) extent, Array[] arrays, object[] numbers) =>
        (this.kernel, Extent, Arrays, Numbers) = (kernel, extent, arrays, numbers);

    /// <summary>The index space.</summary>
    public (int Z, int Y, int X) Extent { get; }

    /// <summary>The content of each view.</summary>
    public Array[] Arrays { get; }

    /// <summary>The uniforms.</summary>
    public object[] Numbers { get; }

    public static FuzzArguments Create(FuzzKernel kernel, (int Z, int Y, int X) extent, Random random)
    {
        int[] space = [extent.Z, extent.Y, extent.X];
        var arrays = kernel.Views.Select(view => Filled(view, [.. view.Lengths.Select((length, d) => length > 0 ? length : space[3 - kernel.Rank + d])], random));
        return new(kernel, extent, [.. arrays], [.. kernel.Uniforms.Select(type => Value(type, random))]);
    }

    /// <summary>The same content in other arrays.</summary>
    public FuzzArguments Copy() => new(kernel, Extent, [.. Arrays.Select(array => (Array)array.Clone())], Numbers);

    /// <summary>Runs the kernel's method for each item in turn; the first exception, if any, of an item ends it alone.</summary>
    public Exception? RunDirectly(MethodInfo method, object? target)
    {
        var given = Arrays.Zip(kernel.Views, (array, view) => view.IsView ? AsView(array) : array).Concat(Numbers).ToArray();
        var invoker = MethodInvoker.Create(method);
        var arguments = new object?[given.Length + 1];
        given.CopyTo(arguments, 1);
        Exception? first = null;
        for (var z = 0; z < Extent.Z; z++)
        {
            for (var y = 0; y < Extent.Y; y++)
            {
                for (var x = 0; x < Extent.X; x++)
                {
                    arguments[0] = kernel.Rank switch { 1 => x, 2 => new Index2(y, x), _ => new Index3(z, y, x) };
                    try
                    {
                        invoker.Invoke(target, arguments.AsSpan());
                    }
                    catch (Exception error) when (error is IndexOutOfRangeException or DivideByZeroException)
                    {
                        first ??= error;
                    }
                }
            }
        }

        return first;
    }

    /// <summary>Runs a compiled kernel.</summary>
    public void Launch(GridKernel compiled)
    {
        Extent extent = kernel.Rank switch { 1 => Extent.X, 2 => (Extent.Y, Extent.X), _ => Extent };
        compiled.Launch(extent, [.. Arrays.Concat(Numbers).Select(value => KernelArgument.Of(value)!.Value)]);
    }

    /// <summary>The first difference between what was left in the arrays, or null.</summary>
    public string? Difference(FuzzArguments found)
    {
        for (var a = 0; a < Arrays.Length; a++)
        {
            var place = 0;
            var others = found.Arrays[a].GetEnumerator();
            foreach (var wanted in Arrays[a])
            {
                others.MoveNext();
                if (!IsSame(wanted, others.Current!, kernel.Views[a].Role == FuzzRole.Approximate))
                {
                    return $"{kernel.Views[a]}, element {place} of {Arrays[a].Length}: C# gives {wanted:R}, the kernel {others.Current:R}";
                }

                place++;
            }
        }

        return null;
    }

    private static bool IsSame(object wanted, object found, bool isApproximate) => wanted switch
    {
        float a when found is float b => float.IsNaN(a) ? float.IsNaN(b) : isApproximate ? Ulp.Of(b, (double)a) <= 8 || MathF.Abs(a - b) < 1e-37f
            : BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
        double a when found is double b => double.IsNaN(a) ? double.IsNaN(b) : isApproximate ? Ulp.Of(b, a) <= 8 || Math.Abs(a - b) < 1e-300
            : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
        Half a when found is Half b => Half.IsNaN(a) ? Half.IsNaN(b) : BitConverter.HalfToInt16Bits(a) == BitConverter.HalfToInt16Bits(b),
        _ => wanted.Equals(found),
    };

    private static Array Filled(FuzzView view, int[] lengths, Random random)
    {
        var array = Array.CreateInstance(TypeOf(view.Element), lengths);
        var index = new int[lengths.Length];
        for (var i = 0; i < array.Length; i++)
        {
            var rest = i;
            for (var d = lengths.Length - 1; d >= 0; d--)
            {
                (rest, index[d]) = Math.DivRem(rest, lengths[d]);
            }

            array.SetValue(Value(view.Element, random), index);
        }

        return array;
    }

    private static Type TypeOf(string name) => name switch
    {
        "bool" => typeof(bool),
        "byte" => typeof(byte),
        "sbyte" => typeof(sbyte),
        "short" => typeof(short),
        "ushort" => typeof(ushort),
        "int" => typeof(int),
        "uint" => typeof(uint),
        "long" => typeof(long),
        "ulong" => typeof(ulong),
        "Half" => typeof(Half),
        "float" => typeof(float),
        _ => typeof(double),
    };

    private static object Value(string type, Random random)
    {
        var isSmall = random.Next(3) > 0;
        var bits = isSmall ? random.NextInt64(-10, 30) : random.NextInt64(long.MinValue, long.MaxValue);
        double[] special = [0, -0.0, 1, -1, 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, float.Epsilon, float.MaxValue, double.MaxValue, 1e10, -2147483649.0];
        var real = random.Next(8) == 0 ? special[random.Next(special.Length)] : random.Next(-80, 80) / 16.0;
        return type switch
        {
            "bool" => (bits & 1) != 0,
            "byte" => (byte)bits,
            "sbyte" => (sbyte)bits,
            "short" => (short)bits,
            "ushort" => (ushort)bits,
            "int" => (int)bits,
            "uint" => (uint)bits,
            "long" => bits,
            "ulong" => (ulong)bits,
            "Half" => (Half)real,
            "float" => (float)real,
            _ => real,
        };
    }

    private static object AsView(Array array)
    {
        var definition = array.Rank switch { 1 => typeof(View<>), 2 => typeof(View2<>), 3 => typeof(View3<>), _ => typeof(View4<>) };
        return definition.MakeGenericType(array.GetType().GetElementType()!).GetMethods()
            .First(method => method.Name == "op_Implicit" && method.GetParameters()[0].ParameterType.IsArray).Invoke(null, [array])!;
    }
}
