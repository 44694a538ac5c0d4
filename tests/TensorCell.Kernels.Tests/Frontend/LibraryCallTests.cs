using System.Numerics;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Methods of the runtime's library called in kernels give what they give when they are called directly.</summary>
public sealed class LibraryCallTests
{
    private static readonly double[] reals =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.14159, -7.75, 1e-30, 1e7, 123456.789, 1e17, 10, double.Epsilon, double.MaxValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    private static readonly long[] integers =
        [0, 1, -1, 2, 3, -8, 31, 64, 255, 1L << 20, -12345678, int.MaxValue, 1L << 31, 1L << 40, -123456789012345, long.MaxValue];

    [Fact]
    public void Signs_of_integers()
    {
        Same(new int[256], (i, o) => o[i] = int.CopySign((int)(integers[i / 16] >> 7), (int)integers[i % 16]));
        Same(new long[256], (i, o) => o[i] = long.CopySign(integers[i / 16], integers[i % 16]));
    }

    [Fact]
    public void Logarithms_to_a_base()
    {
        Same(new double[441], (i, o) => o[i] = double.IsNaN(Math.Log(reals[i / 21], reals[i % 21])) ? 1 : 0);
        Same(new int[21], (i, o) => o[i] = float.IsNaN(MathF.Log((float)reals[i], 1f)) ? 1 : 0);
        Same(new int[21], (i, o) => o[i] = (int)(8 * MathF.Log(1 + i, 2f)));
    }

    [Fact]
    public void Clamps_between_what_is_no_number()
    {
        Same(new float[441], (i, o) => o[i] = float.Clamp((float)reals[i / 21], 0.25f, (float)reals[i % 21] >= 1f ? 2f : float.NaN));
        Same(new double[441], (i, o) => o[i] = Math.Clamp(reals[i / 21], 0.25, reals[i % 21] >= 1 ? 2 : double.NaN));
    }

    [Fact]
    public void Rounding_to_digits()
    {
        Same(new double[21 * 16], (i, o) => o[i] = Math.Round(reals[i / 16], i % 16));
        Same(new double[1000], (i, o) => o[i] = Math.Round((i - 500) * 0.0125, 2));
        Same(new float[1000], (i, o) => o[i] = MathF.Round((i - 500) * 0.0125f, 1));
    }

    [Fact]
    public void Powers_of_two_above_and_whole_products()
    {
        Same(new ulong[16], (i, o) => o[i] = BitOperations.RoundUpToPowerOf2((ulong)integers[i]));
        Same(new uint[16], (i, o) => o[i] = BitOperations.RoundUpToPowerOf2((uint)integers[i]));
        Same(new ulong[256], (i, o) =>
        {
            var high = Math.BigMul((ulong)integers[i / 16], (ulong)integers[i % 16], out var low);
            o[i] = (high * 31) ^ low;
        });
        Same(new ulong[256], (i, o) => o[i] = (ulong)((UInt128)(ulong)integers[i / 16] * (ulong)integers[i % 16] >> 64));
        Same(new float[16], (i, o) => o[i] = (float)((Int128)integers[i] * 3));
    }

    [Fact]
    public void Bits_of_every_half()
    {
        Same(new ushort[1 << 16], (i, o) => o[i] = BitConverter.HalfToUInt16Bits(BitConverter.UInt16BitsToHalf((ushort)i)));
        Same(new short[1 << 16], (i, o) => o[i] = BitConverter.HalfToInt16Bits(BitConverter.Int16BitsToHalf((short)i)));
        Same(new float[1 << 16], (i, o) => o[i] = (float)BitConverter.UInt16BitsToHalf((ushort)i));
        Same(new int[1 << 16], (i, o) =>
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)i);
            o[i] = (Half.IsNegative(half) ? 1 : 0) + (Half.IsPositiveInfinity(half) ? 2 : 0) + (Half.IsNaN(half) ? 0 : Half.Sign(half) * 10)
                + (Half.IsNegative(Half.CopySign(half, (Half)(-1))) ? 100 : 0);
        });
    }

    [Fact]
    public void Zeros_keep_their_sign_through_odd_functions()
    {
        Same(new float[21], (i, o) => o[i] = reals[i] == 0 ? MathF.Sin((float)reals[i]) : MathF.Tan(0f * (float)reals[i]));
        Same(new double[21], (i, o) => o[i] = reals[i] == 0 ? Math.Tan(reals[i]) : Math.Sin(0 * reals[i]));
    }

    [Fact]
    public void No_sine_is_beyond_one()
    {
        var values = new double[2 * reals.Length];
        GridKernel.For(reals.Length, i =>
        {
            values[2 * i] = Math.Sin(reals[i]);
            values[(2 * i) + 1] = Math.Cos(reals[i]);
        });
        Assert.All(values, value => Assert.False(Math.Abs(value) > 1, $"{value}"));
    }

    [Fact]
    public void Records_and_tuples_are_equal_if_their_parts_are()
    {
        Same(new int[441], (i, o) =>
        {
            var (one, other) = (new Point(i % 3, reals[i / 21], new(i % 2 == 0)), new Point(1, reals[i % 21], new(true)));
            o[i] = (one == other ? 1 : 0) + (one != other with { X = 1, Y = one.Y } ? 2 : 0) + ((i, one.Y).Equals((other.X, double.NaN)) ? 4 : 0);
        });
    }

    [Fact]
    public void Elements_at_indices_of_64_bits()
    {
        var source = Enumerable.Range(0, 100).ToArray();
        Same(new int[100], (i, o) => o[i] = source[99L - i]);
        var error = Assert.Throws<IndexOutOfRangeException>(() => GridKernel.For(10, i => source[(1L << 32) + i] = 1));
        Assert.Contains("source: index 4294967296 of dimension 0", error.Message, StringComparison.Ordinal);
    }

    private readonly record struct Flag(bool IsSet);

    private readonly record struct Point(int X, double Y, Flag Flag);

    /// <summary>The elements that a loop stores when it is compiled are those it stores when it is run.</summary>
    private static void Same<T>(T[] elements, Action<int, T[]> body)
    {
        var kernel = GridKernel.Compile(body);
        var wanted = (T[])elements.Clone();
        for (var i = 0; i < wanted.Length; i++)
        {
            body(i, wanted);
        }

        kernel.Launch(elements.Length, (KernelArgument)KernelArgument.Of(elements)!);
        for (var i = 0; i < wanted.Length; i++)
        {
            var isSame = elements[i]!.Equals(wanted[i]) && (elements[i], wanted[i]) switch
            {
                (float got, float given) => float.IsNegative(got) == float.IsNegative(given) || float.IsNaN(got),
                (double got, double given) => double.IsNegative(got) == double.IsNegative(given) || double.IsNaN(got),
                _ => true,
            };
            Assert.True(isSame, $"[{i}] = {elements[i]}, not {wanted[i]}");
        }
    }
}
