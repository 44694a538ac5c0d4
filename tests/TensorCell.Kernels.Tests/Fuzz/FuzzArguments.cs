using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Tests.Grid;
using TensorCell.Kernels.Tests.Ptx;

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
        if (kernel is { CoversGroups: true, Group: (var z, var y, var x) })
        {
            space = [Groups(extent.Z, z) * z, Groups(extent.Y, y) * y, Groups(extent.X, x) * x];
        }

        var arrays = kernel.Views.Select(view => Filled(view, [.. view.Lengths.Select((length, d) => length > 0 ? length : space[3 - kernel.Rank + d])], random));
        return new(kernel, extent, [.. arrays], [.. kernel.Uniforms.Select(type => Value(type, random))]);
    }

    /// <summary>The same content in other arrays.</summary>
    public FuzzArguments Copy() => new(kernel, Extent, [.. Arrays.Select(array => (Array)array.Clone())], Numbers);

    /// <summary>Runs the kernel's method for each item in turn; the first exception, if any, of an item ends it alone.</summary>
    public Exception? RunDirectly(FuzzMethod method)
    {
        var given = Given(method).Select((value, place) => value is Array array && kernel.Views[place].IsView ? AsView(array) : value).ToArray();
        var invoker = MethodInvoker.Create(method.Method);
        Exception? first = null;
        foreach (var index in Indices())
        {
            Exception? error;
            if (index is DirectGroupIndex group)
            {
                error = DirectGroup.Run(group.Index, group.Size, group.Count, item => invoker.Invoke(method.Target, [item, .. given]));
            }
            else
            {
                error = null;
                try
                {
                    invoker.Invoke(method.Target, (object?[])[.. index is ITuple axes ? Enumerable.Range(0, axes.Length).Select(d => axes[d]) : [index], .. given]);
                }
                catch (Exception failure)
                {
                    error = failure;
                }
            }

            if (error is not (null or IndexOutOfRangeException or DivideByZeroException))
            {
                ExceptionDispatchInfo.Throw(error);
            }

            first ??= error;
        }

        return first;
    }

    /// <summary>Runs a compiled kernel.</summary>
    public void Launch(GridKernel compiled, FuzzMethod method)
    {
        Extent extent = kernel.Rank switch { 1 => Extent.X, 2 => (Extent.Y, Extent.X), _ => Extent };
        compiled.Launch(extent, [.. Given(method).Select(value => KernelArgument.Of(value)!.Value)]);
    }

    /// <summary>Runs a compiled kernel on what it is given in memory between pages that nobody may touch.</summary>
    public void LaunchGuarded(GridKernel compiled, FuzzMethod method, bool atEnd)
    {
        var arguments = Given(method);
        var test = GridCases.Of(compiled.Program, Extent, arguments);
        if (test.Views.All(view => view.Operand.Capture is null))
        {
            test.LaunchGuarded(compiled, atEnd);
            GridCases.CopyBack(test, arguments);
        }
        else
        {
            Launch(compiled, method);
        }
    }

    /// <summary>Runs a program by the interpreter.</summary>
    public void Interpret(GridProgram program, FuzzMethod method) => GridReference.Interpret(program, Extent, Given(method));

    /// <summary>Runs a program as PTX.</summary>
    public void RunText(GridProgram program, FuzzMethod method)
    {
        var arguments = Given(method);
        var test = GridCases.Of(program, Extent, arguments);
        PtxRun.Run(test);
        GridCases.CopyBack(test, arguments);
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

    /// <summary>What the kernel is launched with, once the variables that it captures have their values.</summary>
    private object[] Given(FuzzMethod method)
    {
        var (givenViews, givenNumbers) = kernel.GivenViews is { } known ? (known, kernel.GivenUniforms) : (Arrays.Length, Numbers.Length);
        method.Capture?.Invoke(
            [.. Arrays.Select((array, place) => kernel.Views[place].IsView ? AsView(array) : array).Skip(givenViews), .. Numbers.Skip(givenNumbers)]);
        return [.. Arrays.Take(givenViews), .. Numbers.Take(givenNumbers)];
    }

    /// <summary>The index of each item as the method takes it, or of each group.</summary>
    private IEnumerable<object> Indices()
    {
        var (size, isGrouped) = (kernel.Group ?? (1, 1, 1), kernel.Group is not null);
        Index3 count = (Groups(Extent.Z, size.Z), Groups(Extent.Y, size.Y), Groups(Extent.X, size.X));
        for (var z = 0; z < count.Z; z++)
        {
            for (var y = 0; y < count.Y; y++)
            {
                for (var x = 0; x < count.X; x++)
                {
                    yield return isGrouped ? new DirectGroupIndex((z, y, x), size, count)
                        : kernel.TakesAxes ? kernel.Rank == 2 ? (y, x) : (z, y, x)
                        : kernel.Rank switch { 1 => x, 2 => new Index2(y, x), _ => new Index3(z, y, x) };
                }
            }
        }
    }

    private static int Groups(int extent, int size) => (extent + size - 1) / size;

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

    /// <summary>One group.</summary>
    private sealed record DirectGroupIndex(Index3 Index, Index3 Size, Index3 Count);
}
