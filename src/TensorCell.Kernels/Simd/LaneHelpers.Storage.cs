using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Elements narrower than the lanes they are computed in. Halves are converted by shifting their fields into place and scaling by a power of
/// two, which is exact, subnormal numbers included.
/// </summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadUInt8x4(byte* source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(source)).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadUInt8x8(byte* source)
    {
        var bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsByte();
        return Avx2.IsSupported ? Avx2.ConvertToVector256Int32(bytes) : Vector256.Create(LoadUInt8x4(source), LoadUInt8x4(source + 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadUInt8x16(byte* source) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector128.Load((byte*)source))
        : Vector512.Create(LoadUInt8x8(source), LoadUInt8x8(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadInt8x4(byte* source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(source)).AsSByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadInt8x8(byte* source)
    {
        var bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsSByte();
        return Avx2.IsSupported ? Avx2.ConvertToVector256Int32(bytes) : Vector256.Create(LoadInt8x4(source), LoadInt8x4(source + 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadInt8x16(byte* source) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)source))
        : Vector512.Create(LoadInt8x8(source), LoadInt8x8(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadUInt16x4(byte* source) =>
        Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadUInt16x8(byte* source) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)source))
        : Vector256.Create(LoadUInt16x4(source), LoadUInt16x4(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadUInt16x16(byte* source) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)source))
        : Vector512.Create(LoadUInt16x8(source), LoadUInt16x8(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadInt16x4(byte* source) =>
        Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadInt16x8(byte* source) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32(Vector128.Load((short*)source))
        : Vector256.Create(LoadInt16x4(source), LoadInt16x4(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadInt16x16(byte* source) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source))
        : Vector512.Create(LoadInt16x8(source), LoadInt16x8(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadFloat16x4(byte* source) => FromHalf(LoadUInt16x4(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloat16x4(byte* source) => Vector128.ShiftLeft(LoadUInt16x4(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadFloat16x8(byte* source) => FromHalf(LoadUInt16x8(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBFloat16x8(byte* source) => Vector256.ShiftLeft(LoadUInt16x8(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadFloat16x16(byte* source) => FromHalf(LoadUInt16x16(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBFloat16x16(byte* source) => Vector512.ShiftLeft(LoadUInt16x16(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(byte* target, Vector128<int> value)
    {
        var halves = Vector128.Narrow(value, value);
        Unsafe.WriteUnaligned(target, Vector128.Narrow(halves, halves).AsUInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(byte* target, Vector256<int> value)
    {
        var halves = Vector128.Narrow(value.GetLower(), value.GetUpper());
        Unsafe.WriteUnaligned(target, Vector128.Narrow(halves, halves).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(byte* target, Vector512<int> value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(value).Store(target);
        }
        else
        {
            StoreInt8(target, value.GetLower());
            StoreInt8(target + 8, value.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt8(byte* target, Vector128<int> value)
    {
        var halves = Vector128.Narrow(value, value);
        Unsafe.WriteUnaligned(target, Vector128.Narrow(halves, halves).AsUInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt8(byte* target, Vector256<int> value)
    {
        var halves = Vector128.Narrow(value.GetLower(), value.GetUpper());
        Unsafe.WriteUnaligned(target, Vector128.Narrow(halves, halves).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt8(byte* target, Vector512<int> value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(value).Store(target);
        }
        else
        {
            StoreUInt8(target, value.GetLower());
            StoreUInt8(target + 8, value.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(byte* target, Vector128<int> value) =>
        Unsafe.WriteUnaligned(target, Vector128.Narrow(value, value).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(byte* target, Vector256<int> value) =>
        Vector128.Narrow(value.GetLower(), value.GetUpper()).Store((short*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(byte* target, Vector512<int> value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256Int16(value).Store((short*)target);
        }
        else
        {
            StoreInt16(target, value.GetLower());
            StoreInt16(target + 16, value.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt16(byte* target, Vector128<int> value) =>
        Unsafe.WriteUnaligned(target, Vector128.Narrow(value, value).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt16(byte* target, Vector256<int> value) =>
        Vector128.Narrow(value.GetLower(), value.GetUpper()).Store((short*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt16(byte* target, Vector512<int> value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256Int16(value).Store((short*)target);
        }
        else
        {
            StoreUInt16(target, value.GetLower());
            StoreUInt16(target + 16, value.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(byte* target, Vector128<float> value) => StoreInt16(target, ToHalf(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(byte* target, Vector128<float> value)
    {
        var bits = value.AsInt32();
        var odd = Vector128.ShiftRightLogical(bits, 16) & Vector128<int>.One;
        var rounded = Vector128.ShiftRightLogical(bits + Vector128.Create(0x7FFF) + odd, 16);
        var quiet = Vector128.ShiftRightLogical(bits, 16) | Vector128.Create(0x40);
        StoreInt16(target, Vector128.ConditionalSelect(Vector128.Equals(value, value).AsInt32(), rounded, quiet));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(byte* target, Vector256<float> value) => StoreInt16(target, ToHalf(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(byte* target, Vector256<float> value)
    {
        var bits = value.AsInt32();
        var odd = Vector256.ShiftRightLogical(bits, 16) & Vector256<int>.One;
        var rounded = Vector256.ShiftRightLogical(bits + Vector256.Create(0x7FFF) + odd, 16);
        var quiet = Vector256.ShiftRightLogical(bits, 16) | Vector256.Create(0x40);
        StoreInt16(target, Vector256.ConditionalSelect(Vector256.Equals(value, value).AsInt32(), rounded, quiet));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFloat16(byte* target, Vector512<float> value) => StoreInt16(target, ToHalf(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(byte* target, Vector512<float> value)
    {
        var bits = value.AsInt32();
        var odd = Vector512.ShiftRightLogical(bits, 16) & Vector512<int>.One;
        var rounded = Vector512.ShiftRightLogical(bits + Vector512.Create(0x7FFF) + odd, 16);
        var quiet = Vector512.ShiftRightLogical(bits, 16) | Vector512.Create(0x40);
        StoreInt16(target, Vector512.ConditionalSelect(Vector512.Equals(value, value).AsInt32(), rounded, quiet));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FromHalf(Vector128<int> half)
    {
        var fields = Vector128.ShiftLeft(half & Vector128.Create(0x7FFF), 13);
        var scaled = (fields.AsSingle() * Vector128.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector128.GreaterThanOrEqual(fields, Vector128.Create(0x0F800000)) & Vector128.Create(0x7F800000);
        return (scaled | special | Vector128.ShiftLeft(half & Vector128.Create(0x8000), 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToHalf(Vector128<float> value)
    {
        var sign = value.AsInt32() & Vector128.Create(int.MinValue);
        var magnitude = value.AsInt32() ^ sign;

        // Subnormal: adding one half brings the bits to the low end, rounded by the addition.
        var small = (Vector128.Create(0.5f) + magnitude.AsSingle()).AsInt32() - Vector128.Create(0x3F000000);
        var odd = Vector128.ShiftRightLogical(magnitude, 13) & Vector128<int>.One;
        var normal = Vector128.ShiftRightLogical(magnitude + Vector128.Create(unchecked((int)0xC8000FFF)) + odd, 13);
        var finite = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(0x38800000)), small, normal);
        var special = Vector128.ConditionalSelect(
            Vector128.GreaterThan(magnitude, Vector128.Create(0x7F800000)), Vector128.Create(0x7E00), Vector128.Create(0x7C00));
        var result = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(0x47800000)), finite, special);
        return result | Vector128.ShiftRightLogical(sign, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromHalf(Vector256<int> half)
    {
        var fields = Vector256.ShiftLeft(half & Vector256.Create(0x7FFF), 13);
        var scaled = (fields.AsSingle() * Vector256.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector256.GreaterThanOrEqual(fields, Vector256.Create(0x0F800000)) & Vector256.Create(0x7F800000);
        return (scaled | special | Vector256.ShiftLeft(half & Vector256.Create(0x8000), 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToHalf(Vector256<float> value)
    {
        var sign = value.AsInt32() & Vector256.Create(int.MinValue);
        var magnitude = value.AsInt32() ^ sign;

        // Subnormal: adding one half brings the bits to the low end, rounded by the addition.
        var small = (Vector256.Create(0.5f) + magnitude.AsSingle()).AsInt32() - Vector256.Create(0x3F000000);
        var odd = Vector256.ShiftRightLogical(magnitude, 13) & Vector256<int>.One;
        var normal = Vector256.ShiftRightLogical(magnitude + Vector256.Create(unchecked((int)0xC8000FFF)) + odd, 13);
        var finite = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x38800000)), small, normal);
        var special = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude, Vector256.Create(0x7F800000)), Vector256.Create(0x7E00), Vector256.Create(0x7C00));
        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x47800000)), finite, special);
        return result | Vector256.ShiftRightLogical(sign, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromHalf(Vector512<int> half)
    {
        var fields = Vector512.ShiftLeft(half & Vector512.Create(0x7FFF), 13);
        var scaled = (fields.AsSingle() * Vector512.Create(5.192296858534828e33f)).AsInt32();
        var special = Vector512.GreaterThanOrEqual(fields, Vector512.Create(0x0F800000)) & Vector512.Create(0x7F800000);
        return (scaled | special | Vector512.ShiftLeft(half & Vector512.Create(0x8000), 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> ToHalf(Vector512<float> value)
    {
        var sign = value.AsInt32() & Vector512.Create(int.MinValue);
        var magnitude = value.AsInt32() ^ sign;

        // Subnormal: adding one half brings the bits to the low end, rounded by the addition.
        var small = (Vector512.Create(0.5f) + magnitude.AsSingle()).AsInt32() - Vector512.Create(0x3F000000);
        var odd = Vector512.ShiftRightLogical(magnitude, 13) & Vector512<int>.One;
        var normal = Vector512.ShiftRightLogical(magnitude + Vector512.Create(unchecked((int)0xC8000FFF)) + odd, 13);
        var finite = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0x38800000)), small, normal);
        var special = Vector512.ConditionalSelect(
            Vector512.GreaterThan(magnitude, Vector512.Create(0x7F800000)), Vector512.Create(0x7E00), Vector512.Create(0x7C00));
        var result = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0x47800000)), finite, special);
        return result | Vector512.ShiftRightLogical(sign, 16);
    }
}
