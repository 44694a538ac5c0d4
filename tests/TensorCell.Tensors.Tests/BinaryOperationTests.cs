using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class BinaryOperationTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Apply, Func<double, double, double> Reference, bool IsPredicate)> operations =
        new()
        {
            ["+"] = ((x, y) => x + y, (x, y) => x + y, false),
            ["-"] = ((x, y) => x - y, (x, y) => x - y, false),
            ["*"] = ((x, y) => x * y, (x, y) => x * y, false),
            ["/"] = ((x, y) => x / y, (x, y) => x / y, false),
            ["%"] = ((x, y) => x % y, (x, y) => x % y, false),
            ["minimum"] = (Tensor.Minimum, Math.Min, false),
            ["maximum"] = (Tensor.Maximum, Math.Max, false),
            ["atan2"] = (Tensor.Atan2, Math.Atan2, false),
            ["hypot"] = (Tensor.Hypot, double.Hypot, false),
            ["modulo"] = ((x, y) => x.Modulo(y), (x, y) => x - (y * Math.Floor(x / y)), false),
            ["copysign"] = ((x, y) => x.CopySign(-y), (x, y) => Math.CopySign(x, -y), false),
            ["logaddexp"] = (Tensor.LogAddExp, (x, y) => Math.Log(Math.Exp(x) + Math.Exp(y)), false),
            ["logaddexp2"] = (Tensor.LogAddExp2, (x, y) => Math.Log2(Math.Pow(2, x) + Math.Pow(2, y)), false),
            ["heaviside"] = ((x, y) => (x - 5).Heaviside(y), (x, y) => x < 5 ? 0 : x > 5 ? 1 : y, false),
            ["maximumnumber"] = (Tensor.MaximumNumber, Math.Max, false),
            ["minimumnumber"] = (Tensor.MinimumNumber, Math.Min, false),
            ["xlogy"] = (Tensor.XLogY, (x, y) => x * Math.Log(y), false),
            ["<"] = ((x, y) => x < y, (x, y) => x < y ? 1 : 0, true),
            [">"] = ((x, y) => x > y, (x, y) => x > y ? 1 : 0, true),
            ["<="] = ((x, y) => x <= y, (x, y) => x <= y ? 1 : 0, true),
            [">="] = ((x, y) => x >= y, (x, y) => x >= y ? 1 : 0, true),
            ["equal"] = ((x, y) => x.EqualTo(y), (x, y) => x == y ? 1 : 0, true),
            ["notEqual"] = ((x, y) => x.NotEqualTo(y), (x, y) => x != y ? 1 : 0, true),
        };

    public static TheoryData<string, DType, DType> Cases()
    {
        TheoryData<string, DType, DType> cases = [];
        DType[] types = [DType.Float32, DType.Float64, DType.Int32, DType.Int64];
        foreach (string name in operations.Keys)
        {
            foreach (DType left in types)
            {
                foreach (DType right in types)
                {
                    cases.Add(name, left, right);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BroadcastsAndPromotesAsNumPyDoes(string name, DType left, DType right)
    {
        var (apply, reference, isPredicate) = operations[name];
        Samples samples = new(name[0] + (int)left + (int)right);
        for (int trial = 0; trial < 3; trial++)
        {
            int[] shape = samples.Shape();
            Sample x = samples.Tensor(samples.BroadcastableTo(shape), left, 1, 30);
            Sample y = samples.Tensor(samples.BroadcastableTo(shape), right, 1, 9);
            Check(x, y);
            Check(y, x);
        }

        void Check(Sample x, Sample y)
        {
            DType type = Promoted(x.Tensor.DType, y.Tensor.DType);
            bool isReal = name is "/" or "atan2" or "hypot" or "copysign" or "logaddexp" or "logaddexp2" or "heaviside" or "xlogy";
            type = isPredicate ? DType.Bool : isReal && !type.IsFloatingPoint ? DType.Float64 : type;
            double[] expected = Reference.Map(values => reference(values[0], values[1]), x, y);
            Reference.AssertClose(expected, Reference.Broadcast(x.Shape, y.Shape), type, apply(x.Tensor, y.Tensor));
        }
    }

    [Fact]
    public void NumbersTakeTheTypeOfTheTensor()
    {
        Tensor single = Tensor.Ones(3);
        Tensor integer = Tensor.From([1, 2, 3]);
        Tensor truth = Tensor.From([true, false]);
        Assert.Equal(DType.Float32, (single + 2.0).DType);
        Assert.Equal(DType.Float32, (2 * single).DType);
        Assert.Equal(DType.Int32, (integer + 2L).DType);
        Assert.Equal(DType.Float64, (integer + 2.5).DType);
        Assert.Equal(DType.Int64, (truth + 2).DType);
        Assert.Equal(DType.Float64, (truth * 2.5).DType);
        Assert.Equal([3, 4, 5], (integer + 2).ToArray<int>());
        Assert.Equal([3.5, 4.5, 5.5], (integer + 2.5).ToArray<double>());
    }

    [Fact]
    public void ANumberStaysOneAfterItWasRead()
    {
        Tensor two = 2.0;
        Assert.Equal("2.0", two.ToString());
        Assert.Equal([3f, 3f], (Tensor.Ones(2) + two).ToArray<float>());
        Assert.Equal(DType.Float32, (Tensor.Ones(2) + two).DType);
    }

    [Fact]
    public void ANumberThatDoesNotFitIsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.From([1, 2]) + (1L << 40));
        Assert.Contains("does not fit the tensor's type i32", error.Message);
    }

    [Theory]
    [InlineData(DType.UInt8, DType.Int8, DType.Int32)]
    [InlineData(DType.Int32, DType.Float32, DType.Float64)]
    [InlineData(DType.UInt8, DType.Float32, DType.Float32)]
    [InlineData(DType.Bool, DType.Int64, DType.Int64)]
    [InlineData(DType.Float16, DType.BFloat16, DType.Float32)]
    [InlineData(DType.Float16, DType.Int8, DType.Float16)]
    public void PromotesAsNumPyDoes(DType left, DType right, DType expected)
    {
        Assert.Equal(expected, Promotion.Of(left, right));
        Assert.Equal(expected, Promotion.Of(right, left));
    }

    [Fact]
    public void BytesMeetSinglesWithoutAConversion()
    {
        Tensor bytes = Tensor.From(new byte[] { 1, 200, 255 });
        Assert.Equal([0.5f, 100, 127.5f], (bytes * Tensor.Full(default, 0.5)).ToArray<float>());
    }

    [Fact]
    public void TruthTables()
    {
        Tensor x = Tensor.From([true, true, false, false]);
        Tensor y = Tensor.From([true, false, true, false]);
        Assert.Equal([true, false, false, false], (x & y).ToArray<bool>());
        Assert.Equal([true, true, true, false], (x | y).ToArray<bool>());
        Assert.Equal([false, true, true, false], (x ^ y).ToArray<bool>());
        Assert.Equal([false, false, true, true], (!x).ToArray<bool>());
        Assert.Equal([true, true, true, false], (x + y).ToArray<bool>());
        Assert.Equal([true, false, false, false], (x * y).ToArray<bool>());
        Assert.Throws<ArgumentException>(() => x - y);
        Assert.Throws<ArgumentException>(() => !Tensor.Ones(2));
        Assert.Equal([1, 6], (Tensor.From([3, 6]) & Tensor.From([5, 7])).ToArray<int>());
    }

    [Fact]
    public void FalseIsLessThanTrue()
    {
        Tensor left = Tensor.Arange(40) % 2 > 0;
        Tensor right = Tensor.Arange(40) % 4 > 1;
        int[] lefts = left.To(DType.Int32).ToArray<int>();
        int[] rights = right.To(DType.Int32).ToArray<int>();
        foreach ((Tensor x, Tensor y) in new[] { (left, right), (left.Clone().Realize(), right.Clone().Realize()) })
        {
            Check(x < y, (a, b) => a < b);
            Check(x <= y, (a, b) => a <= b);
            Check(x > y, (a, b) => a > b);
            Check(x >= y, (a, b) => a >= b);
        }

        void Check(Tensor found, Func<int, int, bool> reference)
        {
            Assert.Equal(DType.Bool, found.DType);
            Assert.Equal(lefts.Zip(rights, reference), found.ToArray<bool>());
        }
    }

    [Fact]
    public void WhereChoosesAndBroadcasts()
    {
        Samples samples = new(3);
        for (int trial = 0; trial < 20; trial++)
        {
            int[] shape = samples.Shape();
            Sample c = samples.Tensor(samples.BroadcastableTo(shape), DType.Bool, 0, 1);
            Sample x = samples.Tensor(samples.BroadcastableTo(shape), DType.Float32, -1, 1);
            Sample y = samples.Tensor(samples.BroadcastableTo(shape), DType.Float64, -1, 1);
            Reference.AssertClose(
                Reference.Map(values => values[0] != 0 ? values[1] : values[2], c, x, y),
                Reference.Broadcast(c.Shape, x.Shape, y.Shape),
                DType.Float64,
                Tensor.Where(c.Tensor, x.Tensor, y.Tensor));
        }
    }

    [Fact]
    public void ShapesThatDoNotBroadcastAreNamedAtOnce()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Zeros((2, 3)) + Tensor.Zeros((4, 3)));
        Assert.Equal(
            "add: [2, 3] with [4, 3] do not broadcast: aligned from the right, lengths must be equal or 1", error.Message);
    }

    [Fact]
    public void DividingIntegersByZeroNamesTheOperation()
    {
        Tensor remainder = Tensor.From([1, 2]) % Tensor.From([1, 0]);
        DivideByZeroException error = Assert.Throws<DivideByZeroException>(() => remainder.Realize());
        Assert.Contains("remainder of shape [2]", error.Message);
    }

    private static DType Promoted(DType left, DType right)
    {
        if (left == right)
        {
            return left;
        }

        bool isMixed = left.IsFloatingPoint != right.IsFloatingPoint;
        return isMixed || left == DType.Float64 || right == DType.Float64 ? DType.Float64 : DType.Int64;
    }
}
