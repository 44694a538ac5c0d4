using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Quotients, remainders and shifts by each lane's number, compiled at every width, against C#'s, bit for bit.</summary>
[Collection(nameof(EngineSettings))]
public sealed class DivisionTests
{
    private static readonly int[] widths = [128, 256, 512];

    private static readonly BinaryOperation[] divisions =
        [BinaryOperation.Divide, BinaryOperation.Remainder, BinaryOperation.DivideUnsigned, BinaryOperation.RemainderUnsigned];

    private static readonly BinaryOperation[] shifts = [BinaryOperation.ShiftLeft, BinaryOperation.ShiftRight, BinaryOperation.ShiftRightLogical];

    private static readonly long[] edges =
    [
        0, 1, -1, 2, -2, 3, -3, 7, 10, -10, 64, 255, 256, 257, -256, 1000, 46341, 65535, 65536, 641, 6700417, int.MaxValue, int.MaxValue - 1L, int.MinValue,
        int.MinValue + 1L, uint.MaxValue, uint.MaxValue - 1L, 1L << 31, 1L << 32, -(1L << 32), (1L << 51) - 1, 1L << 51, -(1L << 51), -(1L << 51) - 1, (1L << 52) - 1, 1L << 52,
        1L << 53, (1L << 53) + 1, 1_000_000_007, 999_999_999_989, 1L << 62, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1,
    ];

    public static TheoryData<int, DType> Cases => new(widths.SelectMany(bits => (IEnumerable<(int, DType)>)[(bits, DType.Int32), (bits, DType.Int64)]));

    [Theory]
    [MemberData(nameof(Cases))]
    public void By_a_number(int bits, DType type)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        foreach (var divisor in edges.Select(edge => Fit(type, edge)).Where(edge => edge != 0).Distinct())
        {
            var dividends = Dividends(type, divisor);
            foreach (var operation in divisions)
            {
                AgreesByNumber(operation, type, divisor, dividends);
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void By_a_number_given_at_launch(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var signed = GridKernel.Compile((int i, int[] x, int[] quotients, int[] rests, int by) =>
        {
            quotients[i] = x[i] / by;
            rests[i] = x[i] % by;
        });
        var unsigned = GridKernel.Compile((int i, uint[] x, uint[] quotients, uint[] rests, uint by) =>
        {
            quotients[i] = x[i] / by;
            rests[i] = x[i] % by;
        });
        foreach (var by in edges.Select(edge => (int)edge).Where(edge => edge != 0).Distinct())
        {
            int[] x = [.. Dividends(DType.Int32, by).Select(value => (int)value)], quotients = new int[x.Length], rests = new int[x.Length];
            signed.Launch(x.Length, x, quotients, rests, by);
            Compare(BinaryOperation.Divide, by, x, quotients);
            Compare(BinaryOperation.Remainder, by, x, rests);
            uint[] natural = [.. x.Select(value => (uint)value)], parts = new uint[x.Length], rest = new uint[x.Length];
            unsigned.Launch(x.Length, natural, parts, rest, (uint)by);
            Compare(BinaryOperation.DivideUnsigned, by, x, [.. parts.Select(value => (int)value)]);
            Compare(BinaryOperation.RemainderUnsigned, by, x, [.. rest.Select(value => (int)value)]);
        }

        Assert.Throws<DivideByZeroException>(() => signed.Launch(100, new int[100], new int[100], new int[100], 0));
        var guarded = GridKernel.Compile((int i, int[] x, int by) =>
        {
            if (x[i] > 5)
            {
                x[i] = 7 / by + x[i] / by;
            }
        });
        var few = Enumerable.Range(0, 5).ToArray();
        guarded.Launch(5, few, 0);
        Assert.Equal([0, 1, 2, 3, 4], few);
        Assert.Throws<DivideByZeroException>(() => guarded.Launch(7, Enumerable.Range(0, 7).ToArray(), 0));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Lane_by_lane(int bits, DType type)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var random = new Random(bits);
        long Any() => Fit(type, random.Next(4) switch
        {
            0 => edges[random.Next(edges.Length)],
            1 => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
            2 => random.Next(-1000, 1000),
            _ => random.Next(),
        });
        for (var round = 0; round < 20; round++)
        {
            // Rounds of small numbers show what whole vectors of them become.
            var limit = round % 2 == 0 ? long.MaxValue : 1 << 20;
            long[] x = [.. Enumerable.Range(0, 2000).Select(_ => Fit(type, Any() % limit))];
            long[] y = [.. x.Select((dividend, i) => i % 3 == 0 && dividend != 0 ? Fit(type, dividend / (1 + (i % 7))) : Fit(type, Any() % limit)).Select(divisor => divisor == 0 ? 1 : divisor)];
            foreach (var operation in divisions.Concat(shifts))
            {
                Agrees(operation, type, x, y);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Zero_among_the_divisors_is_an_error(int bits, DType type)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        foreach (var operation in divisions)
        {
            Assert.Throws<DivideByZeroException>(() => Agrees(operation, type, [.. Enumerable.Range(0, 100)], [.. Enumerable.Range(-70, 100)]));
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Remainders_of_real_numbers(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var random = new Random(bits);
        double[] special =
        [
            0, -0.0, 1, -1, 0.1, Math.PI, 1e-45, 1e-310, float.MaxValue, double.MaxValue, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
            16777215, 16777216, 9007199254740991, 9007199254740992, 0.99999994, 0.9999999999999999,
        ];
        foreach (var round in Enumerable.Range(0, 40))
        {
            double Any() => (round % 4, random.Next(5)) switch
            {
                (0, _) => special[random.Next(special.Length)] * (random.Next(2) - 0.5) * 2,
                (1, _) => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                (_, 0) => random.Next(-100, 100),
                _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 5)),
            };
            double[] x = [.. Enumerable.Range(0, 1000).Select(_ => Any())];
            // Divisors of which a multiple is near, and neighbours of the dividend, are where quotients round up.
            double[] y = [.. x.Select((dividend, i) => (i % 4) switch
            {
                0 => dividend / (1 + (i % 31)),
                1 => Math.BitIncrement(dividend),
                _ => Any(),
            })];
            var remainder = Function(BinaryOperation.Remainder, DType.Float64);
            Same(x.Zip(y, (a, b) => a % b), Launch.Map(remainder, x, y), x, y);
            float[] narrow = [.. x.Select(value => (float)value)], by = [.. y.Select((value, i) => i % 4 == 1 ? MathF.BitIncrement((float)x[i]) : (float)value)];
            remainder = Function(BinaryOperation.Remainder, DType.Float32);
            Same(narrow.Zip(by, (a, b) => (double)(a % b)), Launch.Map(remainder, narrow, by).Select(value => (double)value), x, y);
        }
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(3)]
    [InlineData(-641)]
    [InlineData(1_000_000_007)]
    public void Every_dividend_of_32_bits(int divisor)
    {
        const int chunk = 1 << 22;
        var dividends = new int[chunk];
        foreach (var operation in (BinaryOperation[])[BinaryOperation.Divide, BinaryOperation.DivideUnsigned])
        {
            var function = ByNumber(operation, DType.Int32, divisor);
            for (var start = (long)int.MinValue; start <= int.MaxValue; start += chunk)
            {
                for (var i = 0; i < chunk; i++)
                {
                    dividends[i] = (int)(start + i);
                }

                var found = Launch.Map<int, int>(function, dividends);
                for (var i = 0; i < chunk; i++)
                {
                    var wanted = operation == BinaryOperation.Divide ? dividends[i] / divisor : (int)((uint)dividends[i] / (uint)divisor);
                    if (found[i] != wanted)
                    {
                        Assert.Fail($"{operation} of {dividends[i]} by {divisor} is {found[i]}, not {wanted}");
                    }
                }
            }
        }
    }

    private static void Same(IEnumerable<double> wanted, IEnumerable<double> found, double[] x, double[] y)
    {
        foreach (var (i, (want, got)) in wanted.Zip(found).Index())
        {
            Assert.True(
                BitConverter.DoubleToInt64Bits(want) == BitConverter.DoubleToInt64Bits(got) || (double.IsNaN(want) && double.IsNaN(got)),
                $"{x[i]:R} % {y[i]:R} is {got:R}, not {want:R}");
        }
    }

    /// <summary>Numbers around multiples of the divisor, and around the ends of the type.</summary>
    private static long[] Dividends(DType type, long divisor)
    {
        var random = new Random((int)divisor);
        var all = new List<long>(edges);
        for (var i = 0; i < 300; i++)
        {
            var multiple = unchecked(divisor * (i < 100 ? i - 50 : random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)));
            all.AddRange([multiple, unchecked(multiple - 1), unchecked(multiple + 1)]);
        }

        return [.. all.Select(value => Fit(type, value))];
    }

    private static long Fit(DType type, long value) => type == DType.Int32 ? (int)value : value;

    private static KernelFunction Function(BinaryOperation operation, DType type) =>
        KernelFunction.Create($"{operation}", [type, type], [], Node.Binary(operation, Node.Parameter(0, type), Node.Parameter(1, type)));

    private static KernelFunction ByNumber(BinaryOperation operation, DType type, long divisor) => KernelFunction.Create(
        $"{operation} by {divisor}", [type], [], Node.Binary(operation, Node.Parameter(0, type), Node.Constant(new Scalar(type, divisor))));

    private static void AgreesByNumber(BinaryOperation operation, DType type, long divisor, long[] x)
    {
        var function = ByNumber(operation, type, divisor);
        var found = type == DType.Int32
            ? Launch.Map<int, int>(function, [.. x.Select(value => (int)value)]).Select(value => (long)value)
            : Launch.Map<long, long>(function, x);
        Compare(operation, type, x, [.. x.Select(_ => divisor)], found);
    }

    private static void Agrees(BinaryOperation operation, DType type, long[] x, long[] y)
    {
        var function = Function(operation, type);
        var found = type == DType.Int32
            ? Launch.Map(function, [.. x.Select(value => (int)value)], [.. y.Select(value => (int)value)]).Select(value => (long)value)
            : Launch.Map(function, x, y);
        Compare(operation, type, x, y, found);
    }

    private static void Compare(BinaryOperation operation, int by, int[] x, int[] found) =>
        Compare(operation, DType.Int32, [.. x.Select(value => (long)value)], [.. x.Select(_ => (long)by)], found.Select(value => (long)value));

    private static void Compare(BinaryOperation operation, DType type, long[] x, long[] y, IEnumerable<long> found)
    {
        foreach (var (i, got) in found.Index())
        {
            var wanted = type == DType.Int32 ? Of(operation, (int)x[i], (int)y[i]) : Of(operation, x[i], y[i]);
            Assert.True(wanted == got, $"{operation} of {x[i]} and {y[i]} is {got}, not {wanted}");
        }
    }

    private static int Of(BinaryOperation operation, int x, int y) => operation switch
    {
        BinaryOperation.Divide => y == -1 ? unchecked(-x) : x / y,
        BinaryOperation.Remainder => y == -1 ? 0 : x % y,
        BinaryOperation.DivideUnsigned => (int)((uint)x / (uint)y),
        BinaryOperation.RemainderUnsigned => (int)((uint)x % (uint)y),
        BinaryOperation.ShiftLeft => x << y,
        BinaryOperation.ShiftRight => x >> y,
        _ => x >>> y,
    };

    private static long Of(BinaryOperation operation, long x, long y) => operation switch
    {
        BinaryOperation.Divide => y == -1 ? unchecked(-x) : x / y,
        BinaryOperation.Remainder => y == -1 ? 0 : x % y,
        BinaryOperation.DivideUnsigned => (long)((ulong)x / (ulong)y),
        BinaryOperation.RemainderUnsigned => (long)((ulong)x % (ulong)y),
        BinaryOperation.ShiftLeft => x << (int)y,
        BinaryOperation.ShiftRight => x >> (int)y,
        _ => x >>> (int)y,
    };
}
