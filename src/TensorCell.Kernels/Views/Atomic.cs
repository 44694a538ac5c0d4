using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>Changes to an element that no other item of a kernel can come between. Each returns what the element held before.</summary>
public static class Atomic
{
    /// <summary>Adds; integers wrap. The order of float additions, and so their last bits, is not defined.</summary>
    public static int Add(ref int element, int value) => Interlocked.Add(ref element, value) - value;

    /// <inheritdoc cref="Add(ref int, int)"/>
    public static uint Add(ref uint element, uint value) => Interlocked.Add(ref element, value) - value;

    /// <inheritdoc cref="Add(ref int, int)"/>
    public static long Add(ref long element, long value) => Interlocked.Add(ref element, value) - value;

    /// <inheritdoc cref="Add(ref int, int)"/>
    public static float Add(ref float element, float value) => Update(ref element, value, static (old, given) => old + given);

    /// <inheritdoc cref="Add(ref int, int)"/>
    public static double Add(ref double element, double value) => Update(ref element, value, static (old, given) => old + given);

    /// <summary>Keeps the lesser; NaN if either is NaN.</summary>
    public static int Min(ref int element, int value) => Update(ref element, value, Math.Min);

    /// <inheritdoc cref="Min(ref int, int)"/>
    public static long Min(ref long element, long value) => Update(ref element, value, Math.Min);

    /// <inheritdoc cref="Min(ref int, int)"/>
    public static float Min(ref float element, float value) => Update(ref element, value, Math.Min);

    /// <inheritdoc cref="Min(ref int, int)"/>
    public static double Min(ref double element, double value) => Update(ref element, value, Math.Min);

    /// <summary>Keeps the greater; NaN if either is NaN.</summary>
    public static int Max(ref int element, int value) => Update(ref element, value, Math.Max);

    /// <inheritdoc cref="Max(ref int, int)"/>
    public static long Max(ref long element, long value) => Update(ref element, value, Math.Max);

    /// <inheritdoc cref="Max(ref int, int)"/>
    public static float Max(ref float element, float value) => Update(ref element, value, Math.Max);

    /// <inheritdoc cref="Max(ref int, int)"/>
    public static double Max(ref double element, double value) => Update(ref element, value, Math.Max);

    /// <summary>Keeps the bits that both have.</summary>
    public static int And(ref int element, int value) => Interlocked.And(ref element, value);

    /// <inheritdoc cref="And(ref int, int)"/>
    public static long And(ref long element, long value) => Interlocked.And(ref element, value);

    /// <summary>Sets the bits of the value.</summary>
    public static int Or(ref int element, int value) => Interlocked.Or(ref element, value);

    /// <inheritdoc cref="Or(ref int, int)"/>
    public static long Or(ref long element, long value) => Interlocked.Or(ref element, value);

    /// <summary>Flips the bits of the value.</summary>
    public static int Xor(ref int element, int value) => Update(ref element, value, static (old, given) => old ^ given);

    /// <inheritdoc cref="Xor(ref int, int)"/>
    public static long Xor(ref long element, long value) => Update(ref element, value, static (old, given) => old ^ given);

    /// <summary>Stores the value.</summary>
    public static T Exchange<T>(ref T element, T value)
        where T : unmanaged => Interlocked.Exchange(ref element, value);

    /// <summary>Stores the value if the element equals <paramref name="comparand"/>, bit by bit.</summary>
    public static T CompareExchange<T>(ref T element, T value, T comparand)
        where T : unmanaged => Interlocked.CompareExchange(ref element, value, comparand);

    private static T Update<T>(ref T element, T value, Func<T, T, T> combine)
        where T : unmanaged
    {
        var old = element;
        while (true)
        {
            var found = Interlocked.CompareExchange(ref element, combine(old, value), old);
            if (HasSameBits(found, old))
            {
                return old;
            }

            old = found;
        }
    }

    // Equality would take 0 for -0, and so a failed exchange for one that was made.
    private static bool HasSameBits<T>(T first, T second)
        where T : unmanaged => Unsafe.SizeOf<T>() == sizeof(long)
            ? Unsafe.BitCast<T, long>(first) == Unsafe.BitCast<T, long>(second)
            : Unsafe.BitCast<T, int>(first) == Unsafe.BitCast<T, int>(second);
}
