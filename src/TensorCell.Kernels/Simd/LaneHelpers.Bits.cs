using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Counts of bits, by halving sums (Warren, Hacker's Delight, 2nd edition, section 5-1), and masks from bits.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> PopCount(Vector128<int> value)
    {
        var pairs = value - (Vector128.ShiftRightLogical(value, 1) & Vector128.Create(0x55555555));
        var fours = (pairs & Vector128.Create(0x33333333)) + (Vector128.ShiftRightLogical(pairs, 2) & Vector128.Create(0x33333333));
        var bytes = (fours + Vector128.ShiftRightLogical(fours, 4)) & Vector128.Create(0x0F0F0F0F);
        return Vector128.ShiftRightLogical(bytes * Vector128.Create(0x01010101), 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> PopCount(Vector128<long> value)
    {
        var halves = PopCount(value.AsInt32()).AsInt64();
        return (halves & Vector128.Create(0xFFL)) + Vector128.ShiftRightLogical(halves, 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LeadingZeroCount(Vector128<int> value)
    {
        if (Avx512CD.VL.IsSupported)
        {
            return Avx512CD.VL.LeadingZeroCount(value);
        }

        // Every bit below the highest set one is set too; those that are not are the leading zeros.
        value |= Vector128.ShiftRightLogical(value, 1);
        value |= Vector128.ShiftRightLogical(value, 2);
        value |= Vector128.ShiftRightLogical(value, 4);
        value |= Vector128.ShiftRightLogical(value, 8);
        value |= Vector128.ShiftRightLogical(value, 16);
        return PopCount(~value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> LeadingZeroCount(Vector128<long> value)
    {
        if (Avx512CD.VL.IsSupported)
        {
            return Avx512CD.VL.LeadingZeroCount(value);
        }

        // Every bit below the highest set one is set too; those that are not are the leading zeros.
        value |= Vector128.ShiftRightLogical(value, 1);
        value |= Vector128.ShiftRightLogical(value, 2);
        value |= Vector128.ShiftRightLogical(value, 4);
        value |= Vector128.ShiftRightLogical(value, 8);
        value |= Vector128.ShiftRightLogical(value, 16);
        value |= Vector128.ShiftRightLogical(value, 32);
        return PopCount(~value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> PopCount(Vector256<int> value)
    {
        var pairs = value - (Vector256.ShiftRightLogical(value, 1) & Vector256.Create(0x55555555));
        var fours = (pairs & Vector256.Create(0x33333333)) + (Vector256.ShiftRightLogical(pairs, 2) & Vector256.Create(0x33333333));
        var bytes = (fours + Vector256.ShiftRightLogical(fours, 4)) & Vector256.Create(0x0F0F0F0F);
        return Vector256.ShiftRightLogical(bytes * Vector256.Create(0x01010101), 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> PopCount(Vector256<long> value)
    {
        var halves = PopCount(value.AsInt32()).AsInt64();
        return (halves & Vector256.Create(0xFFL)) + Vector256.ShiftRightLogical(halves, 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LeadingZeroCount(Vector256<int> value)
    {
        if (Avx512CD.VL.IsSupported)
        {
            return Avx512CD.VL.LeadingZeroCount(value);
        }

        // Every bit below the highest set one is set too; those that are not are the leading zeros.
        value |= Vector256.ShiftRightLogical(value, 1);
        value |= Vector256.ShiftRightLogical(value, 2);
        value |= Vector256.ShiftRightLogical(value, 4);
        value |= Vector256.ShiftRightLogical(value, 8);
        value |= Vector256.ShiftRightLogical(value, 16);
        return PopCount(~value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> LeadingZeroCount(Vector256<long> value)
    {
        if (Avx512CD.VL.IsSupported)
        {
            return Avx512CD.VL.LeadingZeroCount(value);
        }

        // Every bit below the highest set one is set too; those that are not are the leading zeros.
        value |= Vector256.ShiftRightLogical(value, 1);
        value |= Vector256.ShiftRightLogical(value, 2);
        value |= Vector256.ShiftRightLogical(value, 4);
        value |= Vector256.ShiftRightLogical(value, 8);
        value |= Vector256.ShiftRightLogical(value, 16);
        value |= Vector256.ShiftRightLogical(value, 32);
        return PopCount(~value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> PopCount(Vector512<int> value)
    {
        var pairs = value - (Vector512.ShiftRightLogical(value, 1) & Vector512.Create(0x55555555));
        var fours = (pairs & Vector512.Create(0x33333333)) + (Vector512.ShiftRightLogical(pairs, 2) & Vector512.Create(0x33333333));
        var bytes = (fours + Vector512.ShiftRightLogical(fours, 4)) & Vector512.Create(0x0F0F0F0F);
        return Vector512.ShiftRightLogical(bytes * Vector512.Create(0x01010101), 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> PopCount(Vector512<long> value)
    {
        var halves = PopCount(value.AsInt32()).AsInt64();
        return (halves & Vector512.Create(0xFFL)) + Vector512.ShiftRightLogical(halves, 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LeadingZeroCount(Vector512<int> value)
    {
        if (Avx512CD.IsSupported)
        {
            return Avx512CD.LeadingZeroCount(value);
        }

        // Every bit below the highest set one is set too; those that are not are the leading zeros.
        value |= Vector512.ShiftRightLogical(value, 1);
        value |= Vector512.ShiftRightLogical(value, 2);
        value |= Vector512.ShiftRightLogical(value, 4);
        value |= Vector512.ShiftRightLogical(value, 8);
        value |= Vector512.ShiftRightLogical(value, 16);
        return PopCount(~value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LeadingZeroCount(Vector512<long> value)
    {
        if (Avx512CD.IsSupported)
        {
            return Avx512CD.LeadingZeroCount(value);
        }

        // Every bit below the highest set one is set too; those that are not are the leading zeros.
        value |= Vector512.ShiftRightLogical(value, 1);
        value |= Vector512.ShiftRightLogical(value, 2);
        value |= Vector512.ShiftRightLogical(value, 4);
        value |= Vector512.ShiftRightLogical(value, 8);
        value |= Vector512.ShiftRightLogical(value, 16);
        value |= Vector512.ShiftRightLogical(value, 32);
        return PopCount(~value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MaskFromBits4x32(long bits)
    {
        var places = Vector128.Create(1, 2, 4, 8);
        return Vector128.Equals(Vector128.Create((int)bits) & places, places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> MaskFromBits2x64(long bits)
    {
        var places = Vector128.Create(1L, 2);
        return Vector128.Equals(Vector128.Create(bits) & places, places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MaskFromBits8x32(long bits)
    {
        var places = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.Equals(Vector256.Create((int)bits) & places, places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> MaskFromBits4x64(long bits)
    {
        var places = Vector256.Create(1L, 2, 4, 8);
        return Vector256.Equals(Vector256.Create(bits) & places, places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MaskFromBits16x32(long bits)
    {
        var places = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create((int)bits) & places, places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> MaskFromBits8x64(long bits)
    {
        var places = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        return Vector512.Equals(Vector512.Create(bits) & places, places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector128<int> mask, Vector128<int> value)
    {
        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((int*)target, mask, value);
        }
        else
        {
            StoreWhere((int*)target, (int*)&mask, (int*)&value, Vector128<int>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector128<long> mask, Vector128<long> value)
    {
        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((long*)target, mask, value);
        }
        else
        {
            StoreWhere((long*)target, (long*)&mask, (long*)&value, Vector128<long>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector256<int> mask, Vector256<int> value)
    {
        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((int*)target, mask, value);
        }
        else
        {
            StoreWhere((int*)target, (int*)&mask, (int*)&value, Vector256<int>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector256<long> mask, Vector256<long> value)
    {
        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((long*)target, mask, value);
        }
        else
        {
            StoreWhere((long*)target, (long*)&mask, (long*)&value, Vector256<long>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector512<int> mask, Vector512<int> value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore((int*)target, mask, value);
        }
        else
        {
            StoreWhere((int*)target, (int*)&mask, (int*)&value, Vector512<int>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector512<long> mask, Vector512<long> value)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore((long*)target, mask, value);
        }
        else
        {
            StoreWhere((long*)target, (long*)&mask, (long*)&value, Vector512<long>.Count);
        }
    }

    private static void StoreWhere(int* target, int* mask, int* value, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (mask[i] != 0)
            {
                target[i] = value[i];
            }
        }
    }

    private static void StoreWhere(long* target, long* mask, long* value, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (mask[i] != 0)
            {
                target[i] = value[i];
            }
        }
    }
}
