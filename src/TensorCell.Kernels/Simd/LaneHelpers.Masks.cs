using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Vector operations the runtime has no portable form of, called by compiled kernels: here, Booleans in memory (one byte each, 0 or 1) as
/// masks. Named lanes x bits.
/// </summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadMask4x32(byte* source) =>
        Vector128.GreaterThan(Widen(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(source)).AsByte()), Vector128<int>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadMask8x32(byte* source)
    {
        var bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsByte();
        var wide = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(bytes)
            : Vector256.Create(Widen(bytes), Widen(Vector128.Shuffle(bytes, Vector128.Create((byte)4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3))));
        return Vector256.GreaterThan(wide, Vector256<int>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadMask16x32(byte* source) => Avx512F.IsSupported
        ? Vector512.GreaterThan(Avx512F.ConvertToVector512Int32(Vector128.Load(source)), Vector512<int>.Zero)
        : Vector512.Create(LoadMask8x32(source), LoadMask8x32(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> LoadMask2x64(byte* source) => Vector128.Create(-(long)source[0], -(long)source[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> LoadMask4x64(byte* source) => ToInt64(LoadMask4x32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadMask8x64(byte* source) => ToInt64(LoadMask8x32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> BroadcastMask4x32(byte* source) => Vector128.Create(-*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> BroadcastMask8x32(byte* source) => Vector256.Create(-*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> BroadcastMask16x32(byte* source) => Vector512.Create(-*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> BroadcastMask2x64(byte* source) => Vector128.Create(-(long)*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> BroadcastMask4x64(byte* source) => Vector256.Create(-(long)*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> BroadcastMask8x64(byte* source) => Vector512.Create(-(long)*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(byte* target, Vector128<int> mask) =>
        Unsafe.WriteUnaligned(target, (uint)Bytes(mask.ExtractMostSignificantBits()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(byte* target, Vector256<int> mask) =>
        Unsafe.WriteUnaligned(target, Bytes(mask.ExtractMostSignificantBits()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(byte* target, Vector512<int> mask)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(mask & Vector512<int>.One).Store(target);
        }
        else
        {
            StoreMask(target, mask.GetLower());
            StoreMask(target + 8, mask.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(byte* target, Vector128<long> mask)
    {
        target[0] = (byte)(mask[0] & 1);
        target[1] = (byte)(mask[1] & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(byte* target, Vector256<long> mask) =>
        Unsafe.WriteUnaligned(target, (uint)Bytes(mask.ExtractMostSignificantBits()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(byte* target, Vector512<long> mask) =>
        Unsafe.WriteUnaligned(target, Bytes((uint)mask.ExtractMostSignificantBits()));

    /// <summary>Each of eight bits as a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bytes(uint bits)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitDeposit(bits, 0x0101010101010101);
        }

        // Copies of the bits, of which byte i keeps bit i, moved to the byte's lowest place.
        var copies = (bits & 0xFF) * 0x0101010101010101UL & 0x8040201008040201UL;
        return ((copies + 0x00_40_60_70_78_7C_7E_7FUL) >> 7) & 0x0101010101010101UL;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(Vector128<byte> bytes) =>
        Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
}
