using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Lines taken apart by the places of their elements in a stride, so that neighbours in a result have neighbours in memory. Everything may reach beyond a
/// line's end, up to a vector.
/// </summary>
internal static unsafe class Phases<T>
    where T : unmanaged
{
    /// <summary>Whether pairs are taken apart in registers.</summary>
    public static bool HasPairs => Avx2.IsSupported && Vector<T>.Count * sizeof(T) == 32 && sizeof(T) is 4 or 8;

    /// <summary>The elements at even places of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Even(Vector<T> left, Vector<T> right) => InOrder(sizeof(T) == 4
        ? Avx.Shuffle(left.AsVector256().AsSingle(), right.AsVector256().AsSingle(), 0b10_00_10_00).AsDouble()
        : Avx.UnpackLow(left.AsVector256().AsDouble(), right.AsVector256().AsDouble()));

    /// <summary>The elements at odd places of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Odd(Vector<T> left, Vector<T> right) => InOrder(sizeof(T) == 4
        ? Avx.Shuffle(left.AsVector256().AsSingle(), right.AsVector256().AsSingle(), 0b11_01_11_01).AsDouble()
        : Avx.UnpackHigh(left.AsVector256().AsDouble(), right.AsVector256().AsDouble()));

    /// <summary>Takes a line apart.</summary>
    /// <param name="line">Its elements.</param>
    /// <param name="apart">Receives a line for each place in a stride.</param>
    /// <param name="stride">The places.</param>
    /// <param name="count">How many of them are wanted.</param>
    /// <param name="length">Elements of such a line.</param>
    /// <param name="pitch">Elements from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(T* line, T* apart, int stride, int count, int length, nint pitch)
    {
        if (stride == 1)
        {
            Buffer.MemoryCopy(line, apart, length * (long)sizeof(T), length * (long)sizeof(T));
            return;
        }

        if (stride == 2 && count == 2 && HasPairs)
        {
            for (int index = 0; index < length; index += Vector<T>.Count)
            {
                Vector<T> left = Vector.Load(line + (2 * index));
                Vector<T> right = Vector.Load(line + (2 * index) + Vector<T>.Count);
                Even(left, right).Store(apart + index);
                Odd(left, right).Store(apart + pitch + index);
            }

            return;
        }

        for (int phase = 0; phase < count; phase++)
        {
            for (int index = 0; index < length; index++)
            {
                apart[(phase * pitch) + index] = line[(index * (nint)stride) + phase];
            }
        }
    }

    /// <summary>Puts a line together again; places in a stride beyond those wanted become zeros.</summary>
    /// <inheritdoc cref="Split"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Join(T* apart, T* line, int stride, int count, int length, nint pitch)
    {
        if (stride == 1)
        {
            Buffer.MemoryCopy(apart, line, length * (long)sizeof(T), length * (long)sizeof(T));
            return;
        }

        if (stride == 2 && count == 2 && HasPairs)
        {
            for (int index = 0; index < length; index += Vector<T>.Count)
            {
                Vector256<double> even = Vector.Load(apart + index).AsVector256().As<T, double>();
                Vector256<double> odd = Vector.Load(apart + pitch + index).AsVector256().As<T, double>();
                Vector256<double> low = sizeof(T) == 4 ? Avx.UnpackLow(even.AsSingle(), odd.AsSingle()).AsDouble() : Avx.UnpackLow(even, odd);
                Vector256<double> high = sizeof(T) == 4 ? Avx.UnpackHigh(even.AsSingle(), odd.AsSingle()).AsDouble() : Avx.UnpackHigh(even, odd);
                Avx.Permute2x128(low, high, 0x20).Store((double*)(line + (2 * index)));
                Avx.Permute2x128(low, high, 0x31).Store((double*)(line + (2 * index) + Vector<T>.Count));
            }

            return;
        }

        for (int phase = 0; phase < stride; phase++)
        {
            for (int index = 0; index < length; index++)
            {
                line[(index * (nint)stride) + phase] = phase < count ? apart[(phase * pitch) + index] : default;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> InOrder(Vector256<double> pairs) => Avx2.Permute4x64(pairs, 0b11_01_10_00).As<double, T>().AsVector();
}
