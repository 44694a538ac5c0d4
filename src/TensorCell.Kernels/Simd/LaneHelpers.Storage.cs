using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Elements narrower than the lanes they are computed in.</summary>
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
    public static Vector128<float> LoadFloat16x4(byte* source) => FromHalf(LoadInt16x4(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloat16x4(byte* source) => Vector128.ShiftLeft(LoadUInt16x4(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadFloat16x8(byte* source) => FromHalf(LoadInt16x8(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBFloat16x8(byte* source) => Vector256.ShiftLeft(LoadUInt16x8(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadFloat16x16(byte* source) => FromHalf(LoadInt16x16(source));

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
    public static void StoreInt16(byte* target, Vector256<int> value) => Lower(value).Store((short*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(byte* target, Vector512<int> value) => Lower(value).Store((short*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt16(byte* target, Vector128<int> value) =>
        Unsafe.WriteUnaligned(target, Vector128.Narrow(value, value).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt16(byte* target, Vector256<int> value) => Lower(value).Store((short*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUInt16(byte* target, Vector512<int> value) => Lower(value).Store((short*)target);
}
