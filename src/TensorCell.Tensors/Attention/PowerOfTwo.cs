using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>
/// 2ˣ of vectors, for loops that are written by hand: the constants of the polynomial of <see cref="Kernels.Elementary"/>, loaded once before the
/// loop. Within 2 ulp, and 0 where the result would be less than the smallest normal number; not for x beyond 127.
/// </summary>
internal readonly unsafe struct PowerOfTwo<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const double Ln2 = 0.6931471805599453;
    private const byte RoundDown = 1;

    // In memory, since what the runtime knows to be a constant it would load anew for each use.
    private static readonly T[] constants = Constants();
    private static readonly T* table = (T*)Unsafe.AsPointer(ref constants[0]);

    private readonly TVector least = TSimd.Broadcast(table);
    private readonly TVector rounder = TSimd.Broadcast(table + 1);
    private readonly TVector c0 = TSimd.Broadcast(table + 2);
    private readonly TVector c1 = TSimd.Broadcast(table + 3);
    private readonly TVector c2 = TSimd.Broadcast(table + 4);
    private readonly TVector c3 = TSimd.Broadcast(table + 5);
    private readonly TVector c4 = TSimd.Broadcast(table + 6);
    private readonly TVector c5 = TSimd.Broadcast(table + 7);
    private readonly TVector c6 = TSimd.Broadcast(table + 8);
    private readonly TVector c7 = TSimd.Broadcast(table + 9);
    private readonly TVector c8 = TSimd.Broadcast(table + 10);
    private readonly TVector c9 = TSimd.Broadcast(table + 11);
    private readonly TVector c10 = TSimd.Broadcast(table + 12);
    private readonly TVector c11 = TSimd.Broadcast(table + 13);
    private readonly TVector c12 = TSimd.Broadcast(table + 14);

    /// <summary>Loads the constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PowerOfTwo()
    {
    }

    /// <summary>2ˣ: the power of the nearest integer, whose exponent is made from bits, times that of the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of(TVector x)
    {
        if (typeof(TVector) == typeof(Vector512<float>) && Avx512DQ.IsSupported)
        {
            // The instruction that scales takes the next lower integer of x itself, so the rest is from 0 to 1, for which the constants are.
            Vector512<float> given = Unsafe.BitCast<TVector, Vector512<float>>(x);
            TVector above = Unsafe.BitCast<Vector512<float>, TVector>(Avx512DQ.Reduce(given, RoundDown));
            Vector512<float> result = Unsafe.BitCast<TVector, Vector512<float>>(Polynomial(above));
            return Unsafe.BitCast<Vector512<float>, TVector>(Avx512F.Scale(result, given));
        }

        // In this order NaN stays.
        x = TSimd.Max(least, x);
        TVector shifted = TSimd.Add(x, rounder);
        TVector rest = TSimd.Subtract(x, TSimd.Subtract(shifted, rounder));
        return TSimd.Multiply(Polynomial(rest), TSimd.PowerOfBits(shifted));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Polynomial(TVector x)
    {
        TVector sum;
        if (typeof(T) == typeof(float))
        {
            sum = TSimd.MultiplyAdd(x, c6, c5);
        }
        else
        {
            sum = TSimd.MultiplyAdd(x, c12, c11);
            sum = TSimd.MultiplyAdd(x, sum, c10);
            sum = TSimd.MultiplyAdd(x, sum, c9);
            sum = TSimd.MultiplyAdd(x, sum, c8);
            sum = TSimd.MultiplyAdd(x, sum, c7);
            sum = TSimd.MultiplyAdd(x, sum, c6);
            sum = TSimd.MultiplyAdd(x, sum, c5);
        }

        sum = TSimd.MultiplyAdd(x, sum, c4);
        sum = TSimd.MultiplyAdd(x, sum, c3);
        sum = TSimd.MultiplyAdd(x, sum, c2);
        sum = TSimd.MultiplyAdd(x, sum, c1);
        return TSimd.MultiplyAdd(x, sum, c0);
    }

    private static T[] Constants()
    {
        bool isSingle = typeof(T) == typeof(float);

        // The exponent of the least x, and that of zero, is 0; a number that the rounder was added to has its exponent in the lowest bits.
        double[] start = isSingle ? [-127, 12582912 + 127] : [-1023, 6755399441055744 + 1023];
        double[] series = isSingle
            ? [1, 1, 4.9999998153806869e-1, 1.6666543658283758e-1, 4.1667200159662053e-2, 8.366518067736767e-3, 1.3882501099e-3, 0, 0, 0, 0, 0, 0]
            :
            [
                1, 1, 0.5, 1.6666666666666676506e-1, 4.1666666666666508324e-2, 8.3333333333216921233e-3, 1.3888888888966602444e-3,
                1.9841269885965434173e-4, 2.4801587172077496402e-5, 2.755724437424482674e-6, 2.7557403038364961189e-7,
                2.5108978934991539183e-8, 2.0875207536740435589e-9,
            ];
        double[] scaled = [.. series.Select((coefficient, index) => coefficient * Math.Pow(Ln2, index))];
        if (typeof(TVector) == typeof(Vector512<float>) && Avx512DQ.IsSupported)
        {
            scaled = FromHalf(scaled);
        }

        T[] pinned = GC.AllocateArray<T>(start.Length + scaled.Length, pinned: true);
        for (int index = 0; index < pinned.Length; index++)
        {
            pinned[index] = Numbers<T>.FromDouble(index < start.Length ? start[index] : scaled[index - start.Length]);
        }

        return pinned;
    }

    /// <summary>The polynomial whose values from 0 to 1 are those of another from -½ to ½, times √2.</summary>
    private static double[] FromHalf(double[] series)
    {
        double[] shifted = new double[series.Length];
        for (int from = 0; from < series.Length; from++)
        {
            // Of (x - ½)ⁿ, in ascending order.
            double binomial = 1;
            for (int to = from; to >= 0; to--)
            {
                shifted[to] += Math.Sqrt(2) * series[from] * binomial * Math.Pow(-0.5, from - to);
                binomial = binomial * to / (from - to + 1);
            }
        }

        return shifted;
    }
}
