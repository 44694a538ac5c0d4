using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Counts of bits, by halving sums (Warren, Hacker's Delight, 2nd edition, section 5-1), masks from bits, and stores by masks.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> PopCount(Vector128<int> value)
    {
        var pairs = value - ((value >>> 1) & Vector128.Create(0x55555555));
        var fours = (pairs & Vector128.Create(0x33333333)) + ((pairs >>> 2) & Vector128.Create(0x33333333));
        var bytes = (fours + (fours >>> 4)) & Vector128.Create(0x0F0F0F0F);
        return (bytes * Vector128.Create(0x01010101)) >>> 24;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> PopCount(Vector256<int> value)
    {
        var pairs = value - ((value >>> 1) & Vector256.Create(0x55555555));
        var fours = (pairs & Vector256.Create(0x33333333)) + ((pairs >>> 2) & Vector256.Create(0x33333333));
        var bytes = (fours + (fours >>> 4)) & Vector256.Create(0x0F0F0F0F);
        return (bytes * Vector256.Create(0x01010101)) >>> 24;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> PopCount(Vector512<int> value)
    {
        var pairs = value - ((value >>> 1) & Vector512.Create(0x55555555));
        var fours = (pairs & Vector512.Create(0x33333333)) + ((pairs >>> 2) & Vector512.Create(0x33333333));
        var bytes = (fours + (fours >>> 4)) & Vector512.Create(0x0F0F0F0F);
        return (bytes * Vector512.Create(0x01010101)) >>> 24;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> PopCount(Vector128<long> value)
    {
        var halves = PopCount(value.AsInt32()).AsInt64();
        return (halves & Vector128.Create(0xFFL)) + (halves >>> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> PopCount(Vector256<long> value)
    {
        var halves = PopCount(value.AsInt32()).AsInt64();
        return (halves & Vector256.Create(0xFFL)) + (halves >>> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> PopCount(Vector512<long> value)
    {
        var halves = PopCount(value.AsInt32()).AsInt64();
        return (halves & Vector512.Create(0xFFL)) + (halves >>> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LeadingZeroCount(Vector128<int> value) =>
        Avx512CD.VL.IsSupported ? Avx512CD.VL.LeadingZeroCount(value) : PopCount(~Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> LeadingZeroCount(Vector128<long> value) =>
        Avx512CD.VL.IsSupported ? Avx512CD.VL.LeadingZeroCount(value) : PopCount(~Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LeadingZeroCount(Vector256<int> value) =>
        Avx512CD.VL.IsSupported ? Avx512CD.VL.LeadingZeroCount(value) : PopCount(~Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> LeadingZeroCount(Vector256<long> value) =>
        Avx512CD.VL.IsSupported ? Avx512CD.VL.LeadingZeroCount(value) : PopCount(~Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LeadingZeroCount(Vector512<int> value) =>
        Avx512CD.IsSupported ? Avx512CD.LeadingZeroCount(value) : PopCount(~Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LeadingZeroCount(Vector512<long> value) =>
        Avx512CD.IsSupported ? Avx512CD.LeadingZeroCount(value) : PopCount(~Spread(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MaskFromBits4x32(long bits) =>
        Holding(Vector128.Create((int)bits), Vector128.Create(1, 2, 4, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> MaskFromBits2x64(long bits) =>
        Holding(Vector128.Create(bits), Vector128.Create(1L, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MaskFromBits8x32(long bits) =>
        Holding(Vector256.Create((int)bits), Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> MaskFromBits4x64(long bits) =>
        Holding(Vector256.Create(bits), Vector256.Create(1L, 2, 4, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MaskFromBits16x32(long bits) =>
        Holding(Vector512.Create((int)bits), Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> MaskFromBits8x64(long bits) =>
        Holding(Vector512.Create(bits), Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector128<int> mask, Vector128<int> value) =>
        StoreLanes((int*)target, mask, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector128<long> mask, Vector128<long> value) =>
        StoreLanes((long*)target, mask, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector256<int> mask, Vector256<int> value) =>
        StoreLanes((int*)target, mask, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector256<long> mask, Vector256<long> value) =>
        StoreLanes((long*)target, mask, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector512<int> mask, Vector512<int> value) =>
        StoreLanes((int*)target, mask, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWhere(byte* target, Vector512<long> mask, Vector512<long> value) =>
        StoreLanes((long*)target, mask, value);

    /// <summary>Every bit below the highest set one set too: those that are not are the leading zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Spread<T>(Vector128<T> value)
        where T : unmanaged
    {
        value |= value >>> 1;
        value |= value >>> 2;
        value |= value >>> 4;
        value |= value >>> 8;
        value |= value >>> 16;
        return sizeof(T) == sizeof(long) ? value | (value >>> 32) : value;
    }

    /// <inheritdoc cref="Spread{T}(Vector128{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Spread<T>(Vector256<T> value)
        where T : unmanaged
    {
        value |= value >>> 1;
        value |= value >>> 2;
        value |= value >>> 4;
        value |= value >>> 8;
        value |= value >>> 16;
        return sizeof(T) == sizeof(long) ? value | (value >>> 32) : value;
    }

    /// <inheritdoc cref="Spread{T}(Vector128{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Spread<T>(Vector512<T> value)
        where T : unmanaged
    {
        value |= value >>> 1;
        value |= value >>> 2;
        value |= value >>> 4;
        value |= value >>> 8;
        value |= value >>> 16;
        return sizeof(T) == sizeof(long) ? value | (value >>> 32) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Holding<T>(Vector128<T> bits, Vector128<T> places)
        where T : unmanaged => Vector128.Equals(bits & places, places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Holding<T>(Vector256<T> bits, Vector256<T> places)
        where T : unmanaged => Vector256.Equals(bits & places, places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Holding<T>(Vector512<T> bits, Vector512<T> places)
        where T : unmanaged => Vector512.Equals(bits & places, places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes<T>(T* target, Vector128<T> mask, Vector128<T> value)
        where T : unmanaged, IEquatable<T>
    {
        if (!Avx2.IsSupported)
        {
            StoreLanes(target, (T*)&mask, (T*)&value, Vector128<T>.Count);
        }
        else if (sizeof(T) == sizeof(int))
        {
            Avx2.MaskStore((int*)target, mask.AsInt32(), value.AsInt32());
        }
        else
        {
            Avx2.MaskStore((long*)target, mask.AsInt64(), value.AsInt64());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes<T>(T* target, Vector256<T> mask, Vector256<T> value)
        where T : unmanaged, IEquatable<T>
    {
        if (!Avx2.IsSupported)
        {
            StoreLanes(target, (T*)&mask, (T*)&value, Vector256<T>.Count);
        }
        else if (sizeof(T) == sizeof(int))
        {
            Avx2.MaskStore((int*)target, mask.AsInt32(), value.AsInt32());
        }
        else
        {
            Avx2.MaskStore((long*)target, mask.AsInt64(), value.AsInt64());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes<T>(T* target, Vector512<T> mask, Vector512<T> value)
        where T : unmanaged, IEquatable<T>
    {
        if (!Avx512F.IsSupported)
        {
            StoreLanes(target, (T*)&mask, (T*)&value, Vector512<T>.Count);
        }
        else if (sizeof(T) == sizeof(int))
        {
            Avx512F.MaskStore((int*)target, mask.AsInt32(), value.AsInt32());
        }
        else
        {
            Avx512F.MaskStore((long*)target, mask.AsInt64(), value.AsInt64());
        }
    }

    private static void StoreLanes<T>(T* target, T* mask, T* value, int count)
        where T : unmanaged, IEquatable<T>
    {
        for (var i = 0; i < count; i++)
        {
            if (!mask[i].Equals(default))
            {
                target[i] = value[i];
            }
        }
    }
}
