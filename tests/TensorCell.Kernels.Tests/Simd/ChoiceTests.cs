using System.Numerics;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Selections of the lesser or greater of two numbers: whatever instruction they become, each bit is as ordinary C# has it.</summary>
[Collection(nameof(EngineSettings))]
public sealed class ChoiceTests
{
    private const int Forms = 12;
    private static readonly double[] specials =
    [
        0.0, -0.0, 1, -1, 2.5, 88, 89, 89.5, double.Epsilon, -double.Epsilon, float.Epsilon, 1e-40, double.MaxValue, double.MinValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, -double.NaN, 7,
    ];

    public static TheoryData<int> Widths => [128, 256, 512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_form_of_f32_agrees(int bits) => Agrees<float>(
        bits, Choose, (kernel, a, b, found) => kernel.Launch(a.Length, a, b, found), value => (float)value, value => BitConverter.SingleToInt32Bits(value));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_form_of_f64_agrees(int bits) => Agrees<double>(
        bits, Choose, (kernel, a, b, found) => kernel.Launch(a.Length, a, b, found), value => value, BitConverter.DoubleToInt64Bits);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Fused_forms_agree(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var (left, right) = (Node.Parameter(0, DType.Float64), Node.Parameter(1, DType.Float64));
        var (a, b) = Pairs(value => value);
        foreach (var comparison in Enum.GetValues<Comparison>())
        {
            foreach (var isSwapped in (bool[])[false, true])
            {
                foreach (var limit in (Node[])[right, Node.Constant(89.0), Node.Constant(0.0)])
                {
                    var compare = Node.Compare(comparison, left, limit);
                    var selection = isSwapped ? Node.Select(compare, limit, left) : Node.Select(compare, left, limit);
                    var found = Launch.Map(KernelFunction.Create("choice", [DType.Float64, DType.Float64], [], selection), a, b);
                    for (var i = 0; i < a.Length; i++)
                    {
                        var wanted = ScalarEvaluator.Evaluate([selection], [a[i], b[i]], [])[0].AsDouble;
                        Assert.True(
                            BitConverter.DoubleToInt64Bits(wanted) == BitConverter.DoubleToInt64Bits(found[i]),
                            $"{selection} of {a[i]} and {b[i]} is {found[i]}, not {wanted}");
                    }
                }
            }
        }
    }

    private static void Choose<T>(int i, T[] a, T[] b, T[] results)
        where T : INumber<T>
    {
        var (x, y) = (a[i], b[i]);
        var (limit, zero) = (T.CreateChecked(89), T.Zero);
        results[(i * Forms) + 0] = x < y ? x : y;
        results[(i * Forms) + 1] = x < y ? y : x;
        results[(i * Forms) + 2] = x > y ? x : y;
        results[(i * Forms) + 3] = x > y ? y : x;
        results[(i * Forms) + 4] = x <= y ? x : y;
        results[(i * Forms) + 5] = x >= y ? y : x;
        results[(i * Forms) + 6] = x > limit ? limit : x;
        results[(i * Forms) + 7] = limit < x ? limit : x;
        results[(i * Forms) + 8] = x >= limit ? limit : x;
        results[(i * Forms) + 9] = x <= zero ? zero : x;
        results[(i * Forms) + 10] = x < zero ? zero : x;
        results[(i * Forms) + 11] = x == y ? x : y;
    }

    private static void Agrees<T>(
        int bits, Action<int, T[], T[], T[]> method, Action<GridKernel, T[], T[], T[]> launch, Func<double, T> convert, Func<T, long> pattern)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var (a, b) = Pairs(convert);
        var (found, wanted) = (new T[a.Length * Forms], new T[a.Length * Forms]);
        launch(GridKernel.Compile(method), a, b, found);
        for (var i = 0; i < a.Length; i++)
        {
            method(i, a, b, wanted);
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.True(pattern(wanted[i]) == pattern(found[i]), $"form {i % Forms} of {a[i / Forms]} and {b[i / Forms]} is {found[i]}, not {wanted[i]}");
        }
    }

    private static (T[] First, T[] Second) Pairs<T>(Func<double, T> convert)
    {
        var pairs = specials.SelectMany(_ => specials, (first, second) => (First: convert(first), Second: convert(second)));
        return ([.. pairs.Select(pair => pair.First)], [.. pairs.Select(pair => pair.Second)]);
    }
}
