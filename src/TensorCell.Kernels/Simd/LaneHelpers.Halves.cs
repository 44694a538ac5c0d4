using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Halves, computed with as f32. They are converted by shifting their fields into place and scaling by a power of two, which is exact,
/// subnormal numbers included; and rounded, ties to even, by adding a number so great that the sum has no more bits.
/// </summary>
internal static unsafe partial class LaneHelpers
{
    /// <summary>The bits of infinity: all of the exponent's.</summary>
    private const int Infinity = 0x7F800000;

    private const int HalfInfinity = 0x7C00;
    private const int HalfNaN = 0x7E00;

    /// <summary>The bits of 2^-14, below which halves are subnormal.</summary>
    private const int LeastExponent = 0x38800000;

    /// <summary>The bits of 2^15, the greatest exponent of halves.</summary>
    private const int GreatestExponent = 0x47000000;

    /// <summary>The bits of 2^16, the least power of two that overflows.</summary>
    private const int Overflow = 0x47800000;

    /// <summary>2 to the difference of the exponents' biases. Scaled by it, what overflows a half overflows an f32.</summary>
    private const float ExponentShift = 5.192296858534828e33f;

    /// <summary>1.5 * 2^13: times 2^e, a number that keeps its exponent e + 13 whatever the sign of what is added.</summary>
    private const float SignedShift = 12288;

    /// <summary>2^13 and a little more: times 2^e, a number of exponent e + 13 whose last bits are what the biases of the exponents differ by, negated.</summary>
    private const float BiasedShift = 8192 * (1 + (15360 / 8388608f));

    /// <summary>What an f16 keeps of an f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RoundToFloat16(Vector128<float> value)
    {
        // In the sum with a number of exponent e + 13, the last bit is worth as much as that of an f16 of exponent e.
        var bits = value.AsInt32();
        var exponent = Vector128.Max(Vector128.Min(bits & Vector128.Create(Infinity), Vector128.Create(GreatestExponent)), Vector128.Create(LeastExponent));
        var sum = Vector128.MultiplyAddEstimate(exponent.AsSingle(), Vector128.Create(SignedShift), value);
        var rounded = Vector128.MultiplyAddEstimate(exponent.AsSingle(), Vector128.Create(-SignedShift), sum).AsInt32() | (bits & Vector128.Create(int.MinValue));
        return rounded.AsSingle() * Vector128.Create(ExponentShift) * Vector128.Create(1 / ExponentShift);
    }

    /// <summary>What a bf16 keeps of an f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RoundToBFloat16(Vector128<float> value)
    {
        var upper = (Raise(value) & Vector128.Create(unchecked((int)0xFFFF0000))).AsSingle();
        return Vector128.ConditionalSelect(Vector128.Equals(value, value), upper, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(byte* target, Vector128<float> value) => StoreInt16(target, ToHalf(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(byte* target, Vector128<float> value) => StoreInt16(target, ToBrainHalf(value));

    /// <summary>Sign-extended halves as f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FromHalf(Vector128<int> half)
    {
        var scaled = (Vector128.ShiftLeft(half, 13) & Vector128.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector128.Create(ExponentShift);
        var isSpecial = Vector128.Equals(half & Vector128.Create(HalfInfinity), Vector128.Create(HalfInfinity));
        return Vector128.ConditionalSelect(isSpecial, scaled.AsInt32() | Vector128.Create(Infinity), scaled.AsInt32()).AsSingle();
    }

    /// <summary>The bits of the nearest halves, below others that mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToHalf(Vector128<float> value)
    {
        // The sum's last bits are the significand, rounded, to which the exponent is added; a sum that reaches the next exponent carries into it.
        var bits = value.AsInt32();
        var magnitude = Vector128.Min(bits & Vector128.Create(int.MaxValue), Vector128.Create(Overflow));
        var exponent = Vector128.Max(magnitude & Vector128.Create(Infinity), Vector128.Create(LeastExponent));
        var sum = Vector128.MultiplyAddEstimate(exponent.AsSingle(), Vector128.Create(BiasedShift), magnitude.AsSingle()).AsInt32();
        var half = sum + Vector128.ShiftRightLogical(exponent, 13);
        half = Vector128.ConditionalSelect(Vector128.Equals(value, value).AsInt32(), half, Vector128.Create(HalfNaN));
        return half | (Vector128.ShiftRightLogical(bits, 16) & Vector128.Create(0x8000));
    }

    /// <summary>The bits of the nearest bf16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToBrainHalf(Vector128<float> value)
    {
        var quiet = value.AsInt32() | Vector128.Create(0x400000);
        return Vector128.ShiftRightLogical(Vector128.ConditionalSelect(Vector128.Equals(value, value).AsInt32(), Raise(value), quiet), 16);
    }

    /// <summary>The bits of f32 that round to the nearest bf16 when their lower halves are dropped, but of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Raise(Vector128<float> value)
    {
        var bits = value.AsInt32();
        return bits + Vector128.Create(0x7FFF) + (Vector128.ShiftRightLogical(bits, 16) & Vector128<int>.One);
    }

    /// <summary>What an f16 keeps of an f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> RoundToFloat16(Vector256<float> value)
    {
        // In the sum with a number of exponent e + 13, the last bit is worth as much as that of an f16 of exponent e.
        var bits = value.AsInt32();
        var exponent = Vector256.Max(Vector256.Min(bits & Vector256.Create(Infinity), Vector256.Create(GreatestExponent)), Vector256.Create(LeastExponent));
        var sum = Vector256.MultiplyAddEstimate(exponent.AsSingle(), Vector256.Create(SignedShift), value);
        var rounded = Vector256.MultiplyAddEstimate(exponent.AsSingle(), Vector256.Create(-SignedShift), sum).AsInt32() | (bits & Vector256.Create(int.MinValue));
        return rounded.AsSingle() * Vector256.Create(ExponentShift) * Vector256.Create(1 / ExponentShift);
    }

    /// <summary>What a bf16 keeps of an f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> RoundToBFloat16(Vector256<float> value)
    {
        var upper = (Raise(value) & Vector256.Create(unchecked((int)0xFFFF0000))).AsSingle();
        return Vector256.ConditionalSelect(Vector256.Equals(value, value), upper, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(byte* target, Vector256<float> value) => StoreInt16(target, ToHalf(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(byte* target, Vector256<float> value) => StoreInt16(target, ToBrainHalf(value));

    /// <summary>Stores halves past the caches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StreamFloat16(byte* target, Vector256<float> value) => Lower(ToHalf(value)).StoreAlignedNonTemporal((short*)target);

    /// <inheritdoc cref="StreamFloat16(byte*, Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StreamBFloat16(byte* target, Vector256<float> value) => Lower(ToBrainHalf(value)).StoreAlignedNonTemporal((short*)target);

    /// <summary>Sign-extended halves as f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromHalf(Vector256<int> half)
    {
        var scaled = (Vector256.ShiftLeft(half, 13) & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector256.Create(ExponentShift);
        var isSpecial = Vector256.Equals(half & Vector256.Create(HalfInfinity), Vector256.Create(HalfInfinity));
        return Vector256.ConditionalSelect(isSpecial, scaled.AsInt32() | Vector256.Create(Infinity), scaled.AsInt32()).AsSingle();
    }

    /// <summary>The bits of the nearest halves, below others that mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToHalf(Vector256<float> value)
    {
        // The sum's last bits are the significand, rounded, to which the exponent is added; a sum that reaches the next exponent carries into it.
        var bits = value.AsInt32();
        var magnitude = Vector256.Min(bits & Vector256.Create(int.MaxValue), Vector256.Create(Overflow));
        var exponent = Vector256.Max(magnitude & Vector256.Create(Infinity), Vector256.Create(LeastExponent));
        var sum = Vector256.MultiplyAddEstimate(exponent.AsSingle(), Vector256.Create(BiasedShift), magnitude.AsSingle()).AsInt32();
        var half = sum + Vector256.ShiftRightLogical(exponent, 13);
        half = Vector256.ConditionalSelect(Vector256.Equals(value, value).AsInt32(), half, Vector256.Create(HalfNaN));
        return half | (Vector256.ShiftRightLogical(bits, 16) & Vector256.Create(0x8000));
    }

    /// <summary>The bits of the nearest bf16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToBrainHalf(Vector256<float> value)
    {
        var quiet = value.AsInt32() | Vector256.Create(0x400000);
        return Vector256.ShiftRightLogical(Vector256.ConditionalSelect(Vector256.Equals(value, value).AsInt32(), Raise(value), quiet), 16);
    }

    /// <summary>The bits of f32 that round to the nearest bf16 when their lower halves are dropped, but of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Raise(Vector256<float> value)
    {
        var bits = value.AsInt32();
        return bits + Vector256.Create(0x7FFF) + (Vector256.ShiftRightLogical(bits, 16) & Vector256<int>.One);
    }

    /// <summary>What an f16 keeps of an f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> RoundToFloat16(Vector512<float> value)
    {
        // In the sum with a number of exponent e + 13, the last bit is worth as much as that of an f16 of exponent e.
        var bits = value.AsInt32();
        var exponent = Vector512.Max(Vector512.Min(bits & Vector512.Create(Infinity), Vector512.Create(GreatestExponent)), Vector512.Create(LeastExponent));
        var sum = Vector512.MultiplyAddEstimate(exponent.AsSingle(), Vector512.Create(SignedShift), value);
        var rounded = Vector512.MultiplyAddEstimate(exponent.AsSingle(), Vector512.Create(-SignedShift), sum).AsInt32() | (bits & Vector512.Create(int.MinValue));
        return rounded.AsSingle() * Vector512.Create(ExponentShift) * Vector512.Create(1 / ExponentShift);
    }

    /// <summary>What a bf16 keeps of an f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> RoundToBFloat16(Vector512<float> value)
    {
        var upper = (Raise(value) & Vector512.Create(unchecked((int)0xFFFF0000))).AsSingle();
        return Vector512.ConditionalSelect(Vector512.Equals(value, value), upper, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(byte* target, Vector512<float> value) => StoreInt16(target, ToHalf(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(byte* target, Vector512<float> value) => StoreInt16(target, ToBrainHalf(value));

    /// <summary>Stores halves past the caches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StreamFloat16(byte* target, Vector512<float> value) => Lower(ToHalf(value)).StoreAlignedNonTemporal((short*)target);

    /// <inheritdoc cref="StreamFloat16(byte*, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StreamBFloat16(byte* target, Vector512<float> value) => Lower(ToBrainHalf(value)).StoreAlignedNonTemporal((short*)target);

    /// <summary>Sign-extended halves as f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromHalf(Vector512<int> half)
    {
        var scaled = (Vector512.ShiftLeft(half, 13) & Vector512.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector512.Create(ExponentShift);
        var isSpecial = Vector512.Equals(half & Vector512.Create(HalfInfinity), Vector512.Create(HalfInfinity));
        return Vector512.ConditionalSelect(isSpecial, scaled.AsInt32() | Vector512.Create(Infinity), scaled.AsInt32()).AsSingle();
    }

    /// <summary>The bits of the nearest halves, below others that mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> ToHalf(Vector512<float> value)
    {
        // The sum's last bits are the significand, rounded, to which the exponent is added; a sum that reaches the next exponent carries into it.
        var bits = value.AsInt32();
        var magnitude = Vector512.Min(bits & Vector512.Create(int.MaxValue), Vector512.Create(Overflow));
        var exponent = Vector512.Max(magnitude & Vector512.Create(Infinity), Vector512.Create(LeastExponent));
        var sum = Vector512.MultiplyAddEstimate(exponent.AsSingle(), Vector512.Create(BiasedShift), magnitude.AsSingle()).AsInt32();
        var half = sum + Vector512.ShiftRightLogical(exponent, 13);
        half = Vector512.ConditionalSelect(Vector512.Equals(value, value).AsInt32(), half, Vector512.Create(HalfNaN));
        return half | (Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(0x8000));
    }

    /// <summary>The bits of the nearest bf16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> ToBrainHalf(Vector512<float> value)
    {
        var quiet = value.AsInt32() | Vector512.Create(0x400000);
        return Vector512.ShiftRightLogical(Vector512.ConditionalSelect(Vector512.Equals(value, value).AsInt32(), Raise(value), quiet), 16);
    }

    /// <summary>The bits of f32 that round to the nearest bf16 when their lower halves are dropped, but of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Raise(Vector512<float> value)
    {
        var bits = value.AsInt32();
        return bits + Vector512.Create(0x7FFF) + (Vector512.ShiftRightLogical(bits, 16) & Vector512<int>.One);
    }

    /// <summary>The lower halves of the elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Lower(Vector256<int> value) => Vector128.Narrow(value.GetLower(), value.GetUpper());

    /// <inheritdoc cref="Lower(Vector256{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Lower(Vector512<int> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Int16(value)
        : Vector256.Create(Lower(value.GetLower()), Lower(value.GetUpper()));
}
