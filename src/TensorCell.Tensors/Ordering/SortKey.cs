using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Ordering;

/// <summary>
/// Unsigned numbers in the order of the elements they stand for: integers with their sign bit turned, floating-point numbers with all other bits
/// turned as well where they are negative (Herf 2001). Every NaN is the greatest.
/// </summary>
internal static class SortKey
{
    /// <summary>How many low bits of a key of a type may differ.</summary>
    public static int Bits<T>()
        where T : unmanaged => Unsafe.SizeOf<T>() * 8;

    /// <summary>What turns the bits of keys so that they are in the order that is wanted: all of them where the greatest comes first.</summary>
    public static ulong Flip<T>(bool isDescending)
        where T : unmanaged => isDescending ? ulong.MaxValue >> (64 - Bits<T>()) : 0;

    /// <summary>The key of an element; that of -0 is below that of 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of<T>(T element)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            uint bits = Unsafe.BitCast<T, uint>(element);
            uint key = bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);
            return (bits & 0x7FFF_FFFF) > 0x7F80_0000 ? uint.MaxValue : key;
        }

        if (typeof(T) == typeof(double))
        {
            ulong bits = Unsafe.BitCast<T, ulong>(element);
            ulong key = bits ^ ((ulong)((long)bits >> 63) | 0x8000_0000_0000_0000);
            return (bits & 0x7FFF_FFFF_FFFF_FFFF) > 0x7FF0_0000_0000_0000 ? ulong.MaxValue : key;
        }

        if (typeof(T) == typeof(int))
        {
            return Unsafe.BitCast<T, uint>(element) ^ 0x8000_0000;
        }

        if (typeof(T) == typeof(long))
        {
            return Unsafe.BitCast<T, ulong>(element) ^ 0x8000_0000_0000_0000;
        }

        if (typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16))
        {
            uint bits = Unsafe.BitCast<T, ushort>(element);
            uint key = (bits ^ ((bits & 0x8000) != 0 ? 0xFFFFu : 0x8000)) & 0xFFFF;
            return (bits & 0x7FFF) > (typeof(T) == typeof(Half) ? 0x7C00u : 0x7F80) ? 0xFFFF : key;
        }

        uint small = Unsafe.BitCast<T, byte>(element);
        return typeof(T) == typeof(sbyte) ? small ^ 0x80 : small;
    }

    /// <summary>The key of an element, the same for -0 as for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfEqual<T>(T element)
        where T : unmanaged
    {
        ulong key = Of(element);
        ulong negativeZero = typeof(T) == typeof(float) ? 0x7FFF_FFFF
            : typeof(T) == typeof(double) ? 0x7FFF_FFFF_FFFF_FFFF
            : typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16) ? 0x7FFFul
            : ulong.MaxValue;
        return typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16)
            ? key + (key == negativeZero ? 1UL : 0)
            : key;
    }

    /// <summary>The element of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Element<T>(ulong key)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            uint bits = (uint)key;
            return Unsafe.BitCast<uint, T>(bits ^ (~(uint)((int)bits >> 31) | 0x8000_0000));
        }

        if (typeof(T) == typeof(double))
        {
            return Unsafe.BitCast<ulong, T>(key ^ (~(ulong)((long)key >> 63) | 0x8000_0000_0000_0000));
        }

        if (typeof(T) == typeof(int))
        {
            return Unsafe.BitCast<uint, T>((uint)key ^ 0x8000_0000);
        }

        if (typeof(T) == typeof(long))
        {
            return Unsafe.BitCast<ulong, T>(key ^ 0x8000_0000_0000_0000);
        }

        if (typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16))
        {
            uint bits = (uint)key;
            return Unsafe.BitCast<ushort, T>((ushort)(bits ^ ((bits & 0x8000) != 0 ? 0x8000u : 0xFFFF)));
        }

        return Unsafe.BitCast<byte, T>((byte)(typeof(T) == typeof(sbyte) ? key ^ 0x80 : key));
    }
}
