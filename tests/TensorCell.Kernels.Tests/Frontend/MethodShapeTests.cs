using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Methods of many shapes, read as kernels, compute what C# computes.</summary>
public sealed class MethodShapeTests
{
    private static readonly double[] values = [-3.5, -1, -0.0, 0.0, 0.25, 1, 2, 3.75, 100, double.NaN, double.PositiveInfinity];

    [Fact]
    public void Arithmetic() => AgreesF64((x, y) => (x * x) + 1 - (y / 2));

    [Fact]
    public void ConditionalExpression() => AgreesF64((x, y) => x > y ? x : y * 2);

    [Fact]
    public void ShortCircuit() => AgreesF64((x, y) => x > 0 && y < 2 || x == y ? 1 : -1);

    [Fact]
    public void NegatedShortCircuit() => AgreesF64((x, y) => !(x > 0 || y < 2) && x != y ? x : y);

    [Fact]
    public void ChecksWovenIn() => AgreesF64((x, y) =>
    {
        Interruption.Enter();
        if (x > y)
        {
            Interruption.Check();
            return x;
        }

        return y;
    });

    [Fact]
    public void EarlyReturns() => AgreesF64(WithEarlyReturns);

    [Fact]
    public void NestedBranches() => AgreesF64(WithNestedBranches);

    [Fact]
    public void LocalFunctionsAndReferences() => AgreesF64(WithLocalFunctions);

    [Fact]
    public void Tuples() => AgreesF64((x, y) =>
    {
        var (less, more) = Sorted(x, y);
        return more - less;
    });

    [Fact]
    public void SwitchExpression() => AgreesI32((x, y) => (x & 7) switch { 0 => y, 1 => y + 1, 2 => x, 3 => -x, 4 => 7, _ => x * y });

    [Fact]
    public void IntegerDivisionGuarded() => AgreesI32((x, y) => y != 0 ? (x / y) + (x % y) : -1);

    [Fact]
    public void IntegerDivisionByTheConstantZeroThatIsNotReached() => AgreesI32((x, y) =>
    {
        var zero = 0;
        return x == 123_456_789 ? y / zero : y;
    });

    [Fact]
    public void IntegerDivisionGuardedInACall() => AgreesI32((x, y) => y == 0 || x < 0 ? 5 : Quotient(x, y));

    [Fact]
    public void IntegerBits() => AgreesI32((x, y) => ((x << 3) ^ (y >> 2) ^ (int)((uint)x >> 5)) & ~y | (x + (byte)y));

    [Fact]
    public void UnsignedComparison() => AgreesI32((x, y) => (uint)x < (uint)y ? 1 : 0);

    [Fact]
    public void BooleanArithmetic() => AgreesI32((x, y) =>
    {
        var less = x < y;
        var even = (x & 1) == 0;
        return (less ^ even ? 1 : 0) + (less == even ? 10 : 20) + (less | even ? 100 : 200);
    });

    [Fact]
    public void LibraryFunctions() => AgreesF64((x, y) =>
        Math.Max(x, y) + Math.Abs(x) - Math.Floor(y) + (double.IsNaN(x) ? 3 : Math.Sign(x)) + Math.Clamp(y, -1, 1) + Math.CopySign(2, x));

    [Fact]
    public void MixedTypes() => AgreesF64((x, y) => (float)x + (int)Math.Clamp(y, -5, 5) + (long)Math.Clamp(x, -7, 7));

    [Fact]
    public void CapturedVariablesAreReadAtEachUse()
    {
        var scale = 2.0;
        var offset = 1;
        double F(double x) => (x * scale) + offset;
        var kernel = KernelFunction.From((Func<double, double>)F);
        Assert.Equal(["scale", "offset"], kernel.Captures.Select(capture => capture.Name));
        Assert.Equal(7.0, Evaluate(kernel, 3.0).AsDouble);
        scale = 10;
        offset = 5;
        Assert.Equal(35.0, Evaluate(kernel, 3.0).AsDouble);
    }

    [Fact]
    public void FieldsAndPropertiesOfTheObjectAreRead()
    {
        var model = new Model { Slope = 3, Inner = new() { Offset = 4 } };
        var kernel = KernelFunction.From(model.Apply);
        Assert.Equal(10f, Evaluate(kernel, 2f).AsSingle);
        model.Slope = 1;
        model.Inner = new() { Offset = -1 };
        Assert.Equal(1f, Evaluate(kernel, 2f).AsSingle);
    }

    [Fact]
    public void NestedClosures()
    {
        var a = 2.0;
        Func<double, Func<double, double>> outer = b => x => (a * x) + b;
        var kernel = KernelFunction.From(outer(5));
        Assert.Equal(11.0, Evaluate(kernel, 3.0).AsDouble);
        a = 3;
        Assert.Equal(14.0, Evaluate(kernel, 3.0).AsDouble);
    }

    private static (double Less, double More) Sorted(double x, double y)
    {
        var pair = (x, y);
        return (Math.Min(pair.x, pair.y), Math.Max(pair.x, pair.y));
    }

    private static int Quotient(int x, int y) => x / y;

    private static double WithEarlyReturns(double x, double y)
    {
        if (double.IsNaN(x))
        {
            return -1;
        }

        if (x < 0)
        {
            if (y > 1)
            {
                return y;
            }

            x = -x;
        }

        var z = x + 1;
        return z > y ? z : x;
    }

    private static double WithNestedBranches(double x, double y)
    {
        double result;
        if (x > 1)
        {
            if (y > 1)
            {
                result = x + y;
            }
            else
            {
                result = x - y;
            }
        }
        else if (y > 0)
        {
            result = y;
            x = 2;
        }
        else
        {
            result = 0;
        }

        return result + x;
    }

    private static double WithLocalFunctions(double x, double y)
    {
        var sum = x;
        void AddIfPositive(double value)
        {
            if (value > 0)
            {
                sum += value;
            }
        }

        AddIfPositive(y);
        Double(ref sum);
        return sum;
    }

    private static void Double(ref double value) => value *= 2;

    private static Scalar Evaluate(KernelFunction kernel, params Scalar[] arguments) =>
        ScalarEvaluator.Evaluate(kernel.Results, arguments, kernel.UniformValues([]))[0];

    private static void AgreesF64(Func<double, double, double> function)
    {
        var kernel = KernelFunction.From(function);
        foreach (var x in values)
        {
            foreach (var y in values)
            {
                Assert.Equal(function(x, y), Evaluate(kernel, x, y).AsDouble);
            }
        }
    }

    private static void AgreesI32(Func<int, int, int> function)
    {
        var kernel = KernelFunction.From(function);
        int[] integers = [int.MinValue + 1, -100, -7, -1, 0, 1, 2, 3, 4, 5, 12, 1000, int.MaxValue];
        foreach (var x in integers)
        {
            foreach (var y in integers)
            {
                Assert.Equal(function(x, y), (int)Evaluate(kernel, x, y).Bits);
            }
        }
    }

    private sealed class Model
    {
        public float Slope { get; set; }

        public Part Inner = new();

        public float Apply(float x) => (Slope * x) + Inner.Offset;
    }

    private sealed class Part
    {
        public float Offset;
    }
}
