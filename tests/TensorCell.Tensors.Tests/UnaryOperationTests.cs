using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class UnaryOperationTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Apply, Func<double, double> Reference, double Low, double High)> operations =
        new()
        {
            ["negate"] = (x => -x, x => -x, -9, 9),
            ["abs"] = (x => x.Abs(), Math.Abs, -9, 9),
            ["sign"] = (x => x.Sign(), x => Math.Sign(x), -2, 2),
            ["sqrt"] = (x => x.Sqrt(), Math.Sqrt, 0, 100),
            ["rsqrt"] = (x => x.ReciprocalSqrt(), x => 1 / Math.Sqrt(x), 0.1, 100),
            ["reciprocal"] = (x => x.Reciprocal(), x => 1 / x, 0.5, 9),
            ["cbrt"] = (x => x.Cbrt(), Math.Cbrt, -20, 20),
            ["square"] = (x => x.Square(), x => x * x, -9, 9),
            ["exp"] = (x => x.Exp(), Math.Exp, -20, 20),
            ["exp2"] = (x => x.Exp2(), x => Math.Pow(2, x), -20, 20),
            ["expm1"] = (x => x.ExpM1(), double.ExpM1, -3, 3),
            ["log"] = (x => x.Log(), Math.Log, 1e-3, 100),
            ["log2"] = (x => x.Log2(), Math.Log2, 1e-3, 100),
            ["log10"] = (x => x.Log10(), Math.Log10, 1e-3, 100),
            ["log1p"] = (x => x.Log1P(), double.LogP1, -0.9, 5),
            ["sin"] = (x => x.Sin(), Math.Sin, -30, 30),
            ["cos"] = (x => x.Cos(), Math.Cos, -30, 30),
            ["tan"] = (x => x.Tan(), Math.Tan, -1.4, 1.4),
            ["asin"] = (x => x.Asin(), Math.Asin, -1, 1),
            ["acos"] = (x => x.Acos(), Math.Acos, -1, 1),
            ["atan"] = (x => x.Atan(), Math.Atan, -30, 30),
            ["sinh"] = (x => x.Sinh(), Math.Sinh, -5, 5),
            ["cosh"] = (x => x.Cosh(), Math.Cosh, -5, 5),
            ["tanh"] = (x => x.Tanh(), Math.Tanh, -5, 5),
            ["asinh"] = (x => x.Asinh(), Math.Asinh, -30, 30),
            ["acosh"] = (x => x.Acosh(), Math.Acosh, 1.1, 30),
            ["atanh"] = (x => x.Atanh(), Math.Atanh, -0.9, 0.9),
            ["floor"] = (x => x.Floor(), Math.Floor, -9, 9),
            ["ceiling"] = (x => x.Ceiling(), Math.Ceiling, -9, 9),
            ["round"] = (x => x.Round(), Math.Round, -9, 9),
            ["truncate"] = (x => x.Truncate(), Math.Truncate, -9, 9),
            ["relu"] = (x => x.Relu(), x => Math.Max(x, 0), -9, 9),
            ["leakyRelu"] = (x => x.LeakyRelu(0.25), x => x > 0 ? x : 0.25 * x, -9, 9),
            ["sigmoid"] = (x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x)), -20, 20),
            ["silu"] = (x => x.Silu(), x => x / (1 + Math.Exp(-x)), -20, 20),
            ["softplus"] = (x => x.Softplus(), x => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x))), -20, 20),
            ["clamp"] = (x => x.Clamp(-1, 2.5), x => Math.Clamp(x, -1, 2.5), -9, 9),
            ["power"] = (x => x.Power(1.7), x => Math.Pow(x, 1.7), 0.1, 9),
            ["power2"] = (x => x.Power(2), x => x * x, -9, 9),
            ["sinc"] = (x => x.Sinc(), x => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI), -3, 3),
            ["fraction"] = (x => x.Fraction(), x => x - Math.Truncate(x), -9, 9),
            ["roundTo2"] = (x => (x * 8).Round() / 8, x => Math.Round(x * 8) / 8, -9, 9),
            ["degrees"] = (x => x.RadiansToDegrees(), x => x * 180 / Math.PI, -4, 4),
            ["radians"] = (x => x.DegreesToRadians(), x => x * Math.PI / 180, -200, 200),
            ["relu6"] = (x => x.Relu6(), x => Math.Clamp(x, 0, 6), -9, 9),
            ["elu"] = (x => x.Elu(0.5), x => x > 0 ? x : 0.5 * double.ExpM1(x), -9, 9),
            ["selu"] = (x => x.Selu(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * double.ExpM1(x)), -9, 9),
            ["celu"] = (x => x.Celu(2), x => x > 0 ? x : 2 * double.ExpM1(x / 2), -9, 9),
            ["mish"] = (x => x.Mish(), x => x * Math.Tanh(double.LogP1(Math.Exp(x))), -9, 9),
            ["logSigmoid"] = (x => x.LogSigmoid(), x => -double.LogP1(Math.Exp(-x)), -9, 9),
            ["softsign"] = (x => x.Softsign(), x => x / (1 + Math.Abs(x)), -9, 9),
            ["hardTanh"] = (x => x.HardTanh(-2, 1), x => Math.Clamp(x, -2, 1), -9, 9),
            ["hardSigmoid"] = (x => x.HardSigmoid(), x => Math.Clamp((x / 6) + 0.5, 0, 1), -9, 9),
            ["hardSwish"] = (x => x.HardSwish(), x => x * Math.Clamp((x / 6) + 0.5, 0, 1), -9, 9),
            ["geluTanh"] = (x => x.GeluTanh(), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))), -9, 9),
        };

    public static TheoryData<string, DType> Cases()
    {
        TheoryData<string, DType> cases = [];
        foreach (string name in operations.Keys)
        {
            cases.Add(name, DType.Float32);
            cases.Add(name, DType.Float64);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GivesWhatDoublePrecisionGives(string name, DType dtype)
    {
        var (apply, reference, low, high) = operations[name];
        Samples samples = new(name.Length + (int)dtype);
        for (int trial = 0; trial < 8; trial++)
        {
            Sample x = samples.Tensor(samples.Shape(), dtype, low, high);
            Reference.AssertClose(Reference.Map(values => reference(values[0]), x), x.Shape, dtype, apply(x.Tensor));
        }
    }

    [Fact]
    public void ErfAndGeluMatchTabulatedValues()
    {
        Tensor x = Tensor.From([0.0, 0.5, 1, 2, -1]);
        Reference.AssertClose(
            [0, 0.52049987781304654, 0.84270079294971487, 0.99532226501895273, -0.84270079294971487], [5], DType.Float64, x.Erf());
        Reference.AssertClose(
            [0, 0.34573123063700656, 0.84134474606854293, 1.9544997361036416, -0.15865525393145707], [5], DType.Float64, x.Gelu());
    }

    [Fact]
    public void IntegersBecomeDoublesWhereTheFunctionIsReal()
    {
        Tensor x = Tensor.From([1, 4, 9]);
        Reference.AssertClose([1, 2, 3], [3], DType.Float64, x.Sqrt());
        Reference.AssertClose([-1, -4, -9], [3], DType.Int32, -x);
        Reference.AssertClose([1, 4, 9], [3], DType.Int32, x.Floor());
    }

    [Fact]
    public void NonFiniteNumbersAreFound()
    {
        Tensor x = Tensor.From([1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity]);
        Assert.Equal([false, true, false, false], x.IsNaN().ToArray<bool>());
        Assert.Equal([true, false, false, false], x.IsFinite().ToArray<bool>());
    }
}
