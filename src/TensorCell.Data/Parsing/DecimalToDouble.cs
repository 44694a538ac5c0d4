using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorCell.Data.Parsing;

/// <summary>A decimal number to the nearest double, ties to even (Lemire, "Number parsing at a gigabyte per second", 2021).</summary>
internal static class DecimalToDouble
{
    private const int MantissaBits = 52;
    private const int InfiniteExponent = 0x7FF;

    private static readonly double[] exactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Exactly representable powers of ten, 10^0 to 10^22: one rounding of a product or quotient with them is the right one.</summary>
    public static ReadOnlySpan<double> ExactPowersOfTen => exactPowersOfTen;

    /// <summary>The magnitude of digits x 10^exponent.</summary>
    /// <returns>False in the rare case that 128 bits do not decide.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryConvert(ulong digits, int exponent, out double value)
    {
        if (digits < 1UL << 53 && exponent is >= -22 and <= 22)
        {
            value = exponent < 0 ? digits / exactPowersOfTen[-exponent] : digits * exactPowersOfTen[exponent];
            return true;
        }

        if (digits == 0 || exponent < PowersOfFive.Smallest)
        {
            value = 0;
            return true;
        }

        if (exponent > PowersOfFive.Largest)
        {
            value = double.PositiveInfinity;
            return true;
        }

        return TryScale(digits, exponent, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryScale(ulong digits, int exponent, out double value)
    {
        int leadingZeros = BitOperations.LeadingZeroCount(digits);
        ulong normalized = digits << leadingZeros;
        UInt128 power = PowersOfFive.LeadingBits(exponent);
        ulong high = Math.BigMul(normalized, (ulong)(power >> 64), out ulong low);
        const ulong Undecided = ulong.MaxValue >> (MantissaBits + 3);
        if ((high & Undecided) == Undecided)
        {
            ulong carry = Math.BigMul(normalized, (ulong)power, out _);
            low += carry;
            high += low < carry ? 1UL : 0UL;
        }

        if (low == ulong.MaxValue && exponent is < -27 or > 55)
        {
            value = 0;
            return false;
        }

        int upperBit = (int)(high >> 63);
        int shift = upperBit + 64 - MantissaBits - 3;
        ulong mantissa = high >> shift;
        int binaryExponent = ((217706 * exponent) >> 16) + 63 + upperBit - leadingZeros + 1023;
        if (binaryExponent <= 0)
        {
            value = -binaryExponent + 1 >= 64 ? 0 : Subnormal(mantissa >> (-binaryExponent + 1));
            return true;
        }

        bool isTie = low <= 1 && exponent is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << shift == high;
        mantissa = isTie ? mantissa & ~1UL : mantissa;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >= 1UL << (MantissaBits + 1))
        {
            mantissa = 1UL << MantissaBits;
            binaryExponent++;
        }

        value = binaryExponent >= InfiniteExponent
            ? double.PositiveInfinity
            : BitConverter.UInt64BitsToDouble((mantissa & ~(1UL << MantissaBits)) | ((ulong)binaryExponent << MantissaBits));
        return true;
    }

    // A mantissa that rounds up to 2^52 carries into the exponent field, which then reads as the smallest normal number.
    private static double Subnormal(ulong mantissa) => BitConverter.UInt64BitsToDouble((mantissa + (mantissa & 1)) >> 1);
}
