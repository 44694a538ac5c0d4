using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors;

/// <summary>Random f64 and i64 elements of eight blocks of <see cref="Philox"/> at a time: two of each block, of its first and its last two words.</summary>
internal static unsafe class DoubleVectors
{
    /// <summary>How many elements eight blocks give.</summary>
    public const int Count = 2 * PhiloxVector.Blocks;

    /// <summary>Writes <see cref="Count"/> elements, evenly distributed, with 53 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Uniform(ulong block, ulong seed, double lower, double upper, double* elements)
    {
        PhiloxVector words = PhiloxVector.From(block, seed);
        Vector512<double> width = Vector512.Create(upper - lower);
        Vector512<double> bound = Vector512.Create(upper);
        Vector512<double> below = Vector512.Create(Math.BitDecrement(upper));
        Write(Within(Fraction(words.First, words.Second)), Within(Fraction(words.Third, words.Fourth)), elements);

        Vector512<double> Within(Vector512<double> fraction)
        {
            Vector512<double> number = Vector512.Create(lower) + (width * fraction);
            return Vector512.ConditionalSelect(Vector512.LessThan(number, bound), number, below);
        }
    }

    /// <summary>Writes <see cref="Count"/> elements, normally distributed (Box and Muller 1958).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normal(ulong block, ulong seed, double mean, double deviation, double* elements)
    {
        PhiloxVector words = PhiloxVector.From(block, seed);
        Vector512<double> radius = Vector512<double>.One - Fraction(words.First, words.Second);
        (Vector512<double> sine, Vector512<double> cosine) = Vector512.SinCos(Fraction(words.Third, words.Fourth) * (2 * Math.PI));
        Vector512<double> length = Vector512.Sqrt(Vector512.Log(radius) * -2.0);
        Vector512<double> center = Vector512.Create(mean);
        Write(center + (length * cosine * deviation), center + (length * sine * deviation), elements);
    }

    /// <summary>
    /// Writes <see cref="Count"/> whole numbers, by multiplying 64 random bits with the width of the interval (Lemire 2019).
    /// </summary>
    /// <param name="block">The first counter.</param>
    /// <param name="seed">The key.</param>
    /// <param name="lower">The least.</param>
    /// <param name="width">How many different ones; less than 2³².</param>
    /// <param name="elements">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Integers(ulong block, ulong seed, long lower, ulong width, long* elements)
    {
        PhiloxVector words = PhiloxVector.From(block, seed);
        Write(Scaled(words.First, words.Second).AsDouble(), Scaled(words.Third, words.Fourth).AsDouble(), (double*)elements);

        Vector512<ulong> Scaled(Vector512<ulong> high, Vector512<ulong> low) =>
            (((high * width) + ((low * width) >> 32)) >> 32) + Vector512.Create((ulong)lower);
    }

    /// <summary>From 0 up to 1, excluded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fraction(Vector512<ulong> high, Vector512<ulong> low) =>
        Vector512.ConvertToDouble((((high << 32) | low) >> 11).AsInt64()) * (1.0 / (1UL << 53));

    /// <summary>Writes the two elements of each block together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector512<double> first, Vector512<double> second, double* elements)
    {
        Vector512<long> isSecond = Vector512.Create(0L, -1, 0, -1, 0, -1, 0, -1);
        Vector512<long> lower = Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3);
        Vector512<long> upper = Vector512.Create(4L, 4, 5, 5, 6, 6, 7, 7);
        Vector512.ConditionalSelect(isSecond.AsDouble(), Vector512.Shuffle(second, lower), Vector512.Shuffle(first, lower)).Store(elements);
        Vector512.ConditionalSelect(isSecond.AsDouble(), Vector512.Shuffle(second, upper), Vector512.Shuffle(first, upper)).Store(elements + Vector512<double>.Count);
    }
}
