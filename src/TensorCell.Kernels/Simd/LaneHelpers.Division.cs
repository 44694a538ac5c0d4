using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Integer division through doubles. They hold both operands exactly, and a quotient that is not whole stays further from the next whole
/// number than rounding moves it, so that truncation gives the quotient of the integers. Divisors of zero raise an exception.
/// </summary>
internal static unsafe partial class LaneHelpers
{
    /// <summary>Beyond this magnitude, quotients of 64-bit integers are found lane by lane: half of what a double holds exactly.</summary>
    private const long LargestInDouble = 1L << 51;

    /// <summary>A double whose lowest bit is worth one: added to a whole number, it leaves the number in the sum's low bits.</summary>
    private const double WholeInBits = 3L << 51;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Divide(Vector128<int> x, Vector128<int> y)
    {
        if (!Avx.IsSupported)
        {
            return Map(x, y, &GridHelpers.Quotient);
        }

        FailIf(Vector128.EqualsAny(y, Vector128<int>.Zero));
        return Truncated(ToDouble(x) / ToDouble(y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DivideUnsigned(Vector128<int> x, Vector128<int> y)
    {
        if (!Avx.IsSupported)
        {
            return Map(x, y, &GridHelpers.QuotientUnsigned);
        }

        FailIf(Vector128.EqualsAny(y, Vector128<int>.Zero));
        return TruncatedUnsigned(ToDoubleUnsigned(x) / ToDoubleUnsigned(y));
    }

    /// <summary>Quotients by one number.</summary>
    /// <param name="x">The dividends.</param>
    /// <param name="reciprocal">Its <see cref="GridHelpers.Reciprocal"/>.</param>
    /// <param name="divisor">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DivideBy(Vector128<int> x, double reciprocal, int divisor) => !Avx.IsSupported
        ? Map(x, Vector128.Create(divisor), &GridHelpers.Quotient)
        : Truncated(ToDouble(x) * Vector256.Create(reciprocal));

    /// <inheritdoc cref="DivideBy(Vector128{int}, double, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DivideUnsignedBy(Vector128<int> x, double reciprocal, int divisor) => !Avx.IsSupported
        ? Map(x, Vector128.Create(divisor), &GridHelpers.QuotientUnsigned)
        : TruncatedUnsigned(ToDoubleUnsigned(x) * Vector256.Create(reciprocal));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Remainder(Vector128<int> x, Vector128<int> y) => x - (Divide(x, y) * y);

    /// <summary>What <see cref="DivideBy(Vector128{int}, double, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RemainderBy(Vector128<int> x, double reciprocal, int divisor) =>
        x - (DivideBy(x, reciprocal, divisor) * Vector128.Create(divisor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RemainderUnsigned(Vector128<int> x, Vector128<int> y) => x - (DivideUnsigned(x, y) * y);

    /// <summary>What <see cref="DivideUnsignedBy(Vector128{int}, double, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RemainderUnsignedBy(Vector128<int> x, double reciprocal, int divisor) =>
        x - (DivideUnsignedBy(x, reciprocal, divisor) * Vector128.Create(divisor));

    /// <summary>Quotients by a power of two, which a shift of what is below zero must round up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> DivideByPower(Vector128<int> x, int bits) => (x + ((bits == 1 ? x : x >> 31) >>> (32 - bits))) >> bits;

    /// <summary>What <see cref="DivideByPower(Vector128{int}, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RemainderByPower(Vector128<int> x, int bits) => x - (DivideByPower(x, bits) << bits);

    /// <summary>Quotients by a power of two, which a shift of what is below zero must round up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> DivideByPower(Vector128<long> x, int bits) => (x + ((bits == 1 ? x : x >> 63) >>> (64 - bits))) >> bits;

    /// <summary>What <see cref="DivideByPower(Vector128{long}, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> RemainderByPower(Vector128<long> x, int bits) => x - (DivideByPower(x, bits) << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Divide(Vector128<long> x, Vector128<long> y) => AreInDouble(x, y) ? Ratio(x, y) : Map(x, y, &GridHelpers.Quotient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Remainder(Vector128<long> x, Vector128<long> y) => AreInDouble(x, y) ? x - (Ratio(x, y) * y) : Map(x, y, &GridHelpers.Remainder);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> DivideUnsigned(Vector128<long> x, Vector128<long> y) => AreInDoubleUnsigned(x, y) ? Ratio(x, y) : Map(x, y, &GridHelpers.QuotientUnsigned);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> RemainderUnsigned(Vector128<long> x, Vector128<long> y) =>
        AreInDoubleUnsigned(x, y) ? x - (Ratio(x, y) * y) : Map(x, y, &GridHelpers.RemainderUnsigned);

    /// <summary>Whether doubles hold all operands, with a bit to spare, and no divisor is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInDouble(Vector128<long> x, Vector128<long> y) =>
        Vector128.EqualsAll(((x + Vector128.Create(LargestInDouble)) | (y + Vector128.Create(LargestInDouble))) >>> 52, Vector128<long>.Zero)
        && !Vector128.EqualsAny(y, Vector128<long>.Zero);

    /// <inheritdoc cref="AreInDouble(Vector128{long}, Vector128{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInDoubleUnsigned(Vector128<long> x, Vector128<long> y) =>
        Vector128.EqualsAll((x | y) >>> 51, Vector128<long>.Zero) && !Vector128.EqualsAny(y, Vector128<long>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Ratio(Vector128<long> x, Vector128<long> y) =>
        Whole(Vector128.Truncate(Small(x) / Small(y)));

    /// <summary>A double of an integer that one holds with a bit to spare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Small(Vector128<long> x) =>
        (x + Vector128.Create(WholeInBits).AsInt64()).AsDouble() - Vector128.Create(WholeInBits);

    /// <summary>The integer that such a double is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Whole(Vector128<double> x) =>
        (x + Vector128.Create(WholeInBits)).AsInt64() - Vector128.Create(WholeInBits).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Divide(Vector256<int> x, Vector256<int> y)
    {
        if (!Avx.IsSupported)
        {
            return Map(x, y, &GridHelpers.Quotient);
        }

        FailIf(Vector256.EqualsAny(y, Vector256<int>.Zero));
        return Truncated(ToDouble(x) / ToDouble(y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideUnsigned(Vector256<int> x, Vector256<int> y)
    {
        if (!Avx.IsSupported)
        {
            return Map(x, y, &GridHelpers.QuotientUnsigned);
        }

        FailIf(Vector256.EqualsAny(y, Vector256<int>.Zero));
        return TruncatedUnsigned(ToDoubleUnsigned(x) / ToDoubleUnsigned(y));
    }

    /// <summary>Quotients by one number.</summary>
    /// <param name="x">The dividends.</param>
    /// <param name="reciprocal">Its <see cref="GridHelpers.Reciprocal"/>.</param>
    /// <param name="divisor">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideBy(Vector256<int> x, double reciprocal, int divisor) => !Avx.IsSupported
        ? Map(x, Vector256.Create(divisor), &GridHelpers.Quotient)
        : Truncated(ToDouble(x) * Vector512.Create(reciprocal));

    /// <inheritdoc cref="DivideBy(Vector256{int}, double, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideUnsignedBy(Vector256<int> x, double reciprocal, int divisor) => !Avx.IsSupported
        ? Map(x, Vector256.Create(divisor), &GridHelpers.QuotientUnsigned)
        : TruncatedUnsigned(ToDoubleUnsigned(x) * Vector512.Create(reciprocal));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Remainder(Vector256<int> x, Vector256<int> y) => x - (Divide(x, y) * y);

    /// <summary>What <see cref="DivideBy(Vector256{int}, double, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RemainderBy(Vector256<int> x, double reciprocal, int divisor) =>
        x - (DivideBy(x, reciprocal, divisor) * Vector256.Create(divisor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RemainderUnsigned(Vector256<int> x, Vector256<int> y) => x - (DivideUnsigned(x, y) * y);

    /// <summary>What <see cref="DivideUnsignedBy(Vector256{int}, double, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RemainderUnsignedBy(Vector256<int> x, double reciprocal, int divisor) =>
        x - (DivideUnsignedBy(x, reciprocal, divisor) * Vector256.Create(divisor));

    /// <summary>Quotients by a power of two, which a shift of what is below zero must round up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> DivideByPower(Vector256<int> x, int bits) => (x + ((bits == 1 ? x : x >> 31) >>> (32 - bits))) >> bits;

    /// <summary>What <see cref="DivideByPower(Vector256{int}, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RemainderByPower(Vector256<int> x, int bits) => x - (DivideByPower(x, bits) << bits);

    /// <summary>Quotients by a power of two, which a shift of what is below zero must round up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> DivideByPower(Vector256<long> x, int bits) => (x + ((bits == 1 ? x : x >> 63) >>> (64 - bits))) >> bits;

    /// <summary>What <see cref="DivideByPower(Vector256{long}, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> RemainderByPower(Vector256<long> x, int bits) => x - (DivideByPower(x, bits) << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Divide(Vector256<long> x, Vector256<long> y) => AreInDouble(x, y) ? Ratio(x, y) : Map(x, y, &GridHelpers.Quotient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Remainder(Vector256<long> x, Vector256<long> y) => AreInDouble(x, y) ? x - (Ratio(x, y) * y) : Map(x, y, &GridHelpers.Remainder);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> DivideUnsigned(Vector256<long> x, Vector256<long> y) => AreInDoubleUnsigned(x, y) ? Ratio(x, y) : Map(x, y, &GridHelpers.QuotientUnsigned);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> RemainderUnsigned(Vector256<long> x, Vector256<long> y) =>
        AreInDoubleUnsigned(x, y) ? x - (Ratio(x, y) * y) : Map(x, y, &GridHelpers.RemainderUnsigned);

    /// <summary>Whether doubles hold all operands, with a bit to spare, and no divisor is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInDouble(Vector256<long> x, Vector256<long> y) =>
        Vector256.EqualsAll(((x + Vector256.Create(LargestInDouble)) | (y + Vector256.Create(LargestInDouble))) >>> 52, Vector256<long>.Zero)
        && !Vector256.EqualsAny(y, Vector256<long>.Zero);

    /// <inheritdoc cref="AreInDouble(Vector256{long}, Vector256{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInDoubleUnsigned(Vector256<long> x, Vector256<long> y) =>
        Vector256.EqualsAll((x | y) >>> 51, Vector256<long>.Zero) && !Vector256.EqualsAny(y, Vector256<long>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Ratio(Vector256<long> x, Vector256<long> y) =>
        Whole(Vector256.Truncate(Small(x) / Small(y)));

    /// <summary>A double of an integer that one holds with a bit to spare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Small(Vector256<long> x) =>
        (x + Vector256.Create(WholeInBits).AsInt64()).AsDouble() - Vector256.Create(WholeInBits);

    /// <summary>The integer that such a double is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Whole(Vector256<double> x) =>
        (x + Vector256.Create(WholeInBits)).AsInt64() - Vector256.Create(WholeInBits).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Divide(Vector512<int> x, Vector512<int> y) =>
        Joined(Divide(x.GetLower(), y.GetLower()), Divide(x.GetUpper(), y.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DivideUnsigned(Vector512<int> x, Vector512<int> y) =>
        Joined(DivideUnsigned(x.GetLower(), y.GetLower()), DivideUnsigned(x.GetUpper(), y.GetUpper()));

    /// <inheritdoc cref="DivideBy(Vector128{int}, double, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DivideBy(Vector512<int> x, double reciprocal, int divisor) =>
        Joined(DivideBy(x.GetLower(), reciprocal, divisor), DivideBy(x.GetUpper(), reciprocal, divisor));

    /// <inheritdoc cref="DivideBy(Vector128{int}, double, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DivideUnsignedBy(Vector512<int> x, double reciprocal, int divisor) =>
        Joined(DivideUnsignedBy(x.GetLower(), reciprocal, divisor), DivideUnsignedBy(x.GetUpper(), reciprocal, divisor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Remainder(Vector512<int> x, Vector512<int> y) => x - (Divide(x, y) * y);

    /// <summary>What <see cref="DivideBy(Vector512{int}, double, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RemainderBy(Vector512<int> x, double reciprocal, int divisor) =>
        x - (DivideBy(x, reciprocal, divisor) * Vector512.Create(divisor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RemainderUnsigned(Vector512<int> x, Vector512<int> y) => x - (DivideUnsigned(x, y) * y);

    /// <summary>What <see cref="DivideUnsignedBy(Vector512{int}, double, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RemainderUnsignedBy(Vector512<int> x, double reciprocal, int divisor) =>
        x - (DivideUnsignedBy(x, reciprocal, divisor) * Vector512.Create(divisor));

    /// <summary>Quotients by a power of two, which a shift of what is below zero must round up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> DivideByPower(Vector512<int> x, int bits) => (x + ((bits == 1 ? x : x >> 31) >>> (32 - bits))) >> bits;

    /// <summary>What <see cref="DivideByPower(Vector512{int}, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RemainderByPower(Vector512<int> x, int bits) => x - (DivideByPower(x, bits) << bits);

    /// <summary>Quotients by a power of two, which a shift of what is below zero must round up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> DivideByPower(Vector512<long> x, int bits) => (x + ((bits == 1 ? x : x >> 63) >>> (64 - bits))) >> bits;

    /// <summary>What <see cref="DivideByPower(Vector512{long}, int)"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> RemainderByPower(Vector512<long> x, int bits) => x - (DivideByPower(x, bits) << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Divide(Vector512<long> x, Vector512<long> y) => AreInDouble(x, y) ? Ratio(x, y) : Map(x, y, &GridHelpers.Quotient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Remainder(Vector512<long> x, Vector512<long> y) => AreInDouble(x, y) ? x - (Ratio(x, y) * y) : Map(x, y, &GridHelpers.Remainder);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> DivideUnsigned(Vector512<long> x, Vector512<long> y) => AreInDoubleUnsigned(x, y) ? Ratio(x, y) : Map(x, y, &GridHelpers.QuotientUnsigned);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> RemainderUnsigned(Vector512<long> x, Vector512<long> y) =>
        AreInDoubleUnsigned(x, y) ? x - (Ratio(x, y) * y) : Map(x, y, &GridHelpers.RemainderUnsigned);

    /// <summary>Whether doubles hold all operands, with a bit to spare, and no divisor is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInDouble(Vector512<long> x, Vector512<long> y) =>
        Vector512.EqualsAll(((x + Vector512.Create(LargestInDouble)) | (y + Vector512.Create(LargestInDouble))) >>> 52, Vector512<long>.Zero)
        && !Vector512.EqualsAny(y, Vector512<long>.Zero);

    /// <inheritdoc cref="AreInDouble(Vector512{long}, Vector512{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreInDoubleUnsigned(Vector512<long> x, Vector512<long> y) =>
        Vector512.EqualsAll((x | y) >>> 51, Vector512<long>.Zero) && !Vector512.EqualsAny(y, Vector512<long>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Ratio(Vector512<long> x, Vector512<long> y) =>
        Whole(Vector512.Truncate(Small(x) / Small(y)));

    /// <summary>A double of an integer that one holds with a bit to spare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Small(Vector512<long> x) =>
        (x + Vector512.Create(WholeInBits).AsInt64()).AsDouble() - Vector512.Create(WholeInBits);

    /// <summary>The integer that such a double is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Whole(Vector512<double> x) =>
        (x + Vector512.Create(WholeInBits)).AsInt64() - Vector512.Create(WholeInBits).AsInt64();

    // Without a way back, as Map has one, values in registers stay there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FailIf(bool isZero)
    {
        if (isZero)
        {
            throw GridHelpers.DivideByZero();
        }
    }

    /// <summary>Whole parts as the processor gives them: beyond an int, <see cref="int.MinValue"/>, which is what its negation wraps to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Truncated(Vector256<double> x) => Avx.ConvertToVector128Int32WithTruncation(x);

    /// <inheritdoc cref="Truncated(Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Truncated(Vector512<double> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Int32WithTruncation(x)
        : Joined(Truncated(x.GetLower()), Truncated(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> TruncatedUnsigned(Vector256<double> x) => Avx512F.VL.IsSupported
        ? Avx512F.VL.ConvertToVector128UInt32WithTruncation(x).AsInt32()
        : Truncated(Vector256.Floor(x) - Vector256.Create(2147483648.0)) ^ Vector128.Create(int.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> TruncatedUnsigned(Vector512<double> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256UInt32WithTruncation(x).AsInt32()
        : Joined(TruncatedUnsigned(x.GetLower()), TruncatedUnsigned(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ToDoubleUnsigned(Vector128<int> x) => Avx512F.VL.IsSupported
        ? Avx512F.VL.ConvertToVector256Double(x.AsUInt32())
        : ToDouble(x ^ Vector128.Create(int.MinValue)) + Vector256.Create(2147483648.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ToDoubleUnsigned(Vector256<int> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Double(x.AsUInt32())
        : Vector512.Create(ToDoubleUnsigned(x.GetLower()), ToDoubleUnsigned(x.GetUpper()));

    /// <summary>Two halves; the runtime's own way to join them reads a vector from memory that it then overwrites.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Joined(Vector128<int> lower, Vector128<int> upper) => lower.ToVector256Unsafe().WithUpper(upper);

    /// <inheritdoc cref="Joined(Vector128{int}, Vector128{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Joined(Vector256<int> lower, Vector256<int> upper) => lower.ToVector512Unsafe().WithUpper(upper);
}
