using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors;

/// <summary>
/// Random f32 elements of eight blocks at a time, bit for bit those that <see cref="RandomOperation"/> computes one by one.
/// </summary>
internal static unsafe class SingleVectors
{
    /// <summary>How many elements eight blocks give.</summary>
    public const int Count = 4 * PhiloxVector.Blocks;

    /// <summary>
    /// What the vectors' logarithm, sine and cosine may be off by, together, as a part of the radius: far more than they are. Where that
    /// much could change the f32 that a normal number is rounded to, it is left to the scalar functions.
    /// </summary>
    private const double Doubt = 1.0 / (1L << 44);

    /// <summary>Logarithms nearer to 0 than this one's are left to the scalar function, too.</summary>
    private const double GreatestRadius = 1 - (1.0 / (1 << 20));

    /// <summary>Writes <see cref="Count"/> elements, evenly distributed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Uniform(ulong block, ulong seed, double lower, double upper, float* elements)
    {
        PhiloxVector words = PhiloxVector.From(block, seed);
        Write(Within(words.First), Within(words.Second), Within(words.Third), Within(words.Fourth), elements);

        Vector256<float> Within(Vector512<ulong> word)
        {
            Vector512<double> fraction = Vector512.ConvertToDouble((word >> 8).AsInt64()) * (1.0 / (1 << 24));
            Vector256<float> number = LaneHelpers.ToSingle(Vector512.Create(lower) + (Vector512.Create(upper - lower) * fraction));
            Vector256<float> bound = Vector256.Create((float)upper);
            return Vector256.ConditionalSelect(
                Vector256.LessThan(number, bound), number, Vector256.Create(MathF.BitDecrement((float)upper)));
        }
    }

    /// <summary>Writes <see cref="Count"/> elements, normally distributed, unless one is in doubt: then returns false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryNormal(ulong block, ulong seed, double mean, double deviation, float* elements)
    {
        PhiloxVector words = PhiloxVector.From(block, seed);
        bool isCertain = Normals(words.First, words.Second, mean, deviation, out Vector256<float> x, out Vector256<float> y)
            & Normals(words.Third, words.Fourth, mean, deviation, out Vector256<float> z, out Vector256<float> w);
        if (isCertain)
        {
            Write(x, y, z, w, elements);
        }

        return isCertain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Normals(
        Vector512<ulong> first, Vector512<ulong> second, double mean, double deviation, out Vector256<float> cosines, out Vector256<float> sines)
    {
        Vector512<double> radius = Fraction(first);
        (Vector512<double> sine, Vector512<double> cosine) = Vector512.SinCos(Fraction(second) * (2 * Math.PI));
        Vector512<double> length = Vector512.Sqrt(Vector512.Log(radius) * -2.0);
        Vector512<double> doubt = length * (Math.Abs(deviation) * Doubt);
        return Round(cosine * length, mean, deviation, doubt, out cosines)
            & Round(sine * length, mean, deviation, doubt, out sines)
            & Vector512.LessThanOrEqualAll(radius, Vector512.Create(GreatestRadius));
    }

    /// <summary>From above 0 to 1, included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fraction(Vector512<ulong> word) =>
        (Vector512.ConvertToDouble(word.AsInt64()) + Vector512<double>.One) * (1.0 / (1UL << 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Round(Vector512<double> normal, double mean, double deviation, Vector512<double> doubt, out Vector256<float> rounded)
    {
        Vector512<double> value = Vector512.Create(mean) + (normal * deviation);
        Vector512<double> all = doubt + (Vector512.Abs(value) * Doubt);
        rounded = LaneHelpers.ToSingle(value);
        return Vector256.EqualsAll(LaneHelpers.ToSingle(value - all), LaneHelpers.ToSingle(value + all));
    }

    /// <summary>Writes the elements of each block together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> w, float* elements)
    {
        float* words = stackalloc float[Count];
        x.Store(words);
        y.Store(words + PhiloxVector.Blocks);
        z.Store(words + (2 * PhiloxVector.Blocks));
        w.Store(words + (3 * PhiloxVector.Blocks));
        for (int block = 0; block < PhiloxVector.Blocks; block++)
        {
            for (int word = 0; word < 4; word++)
            {
                elements[(4 * block) + word] = words[(word * PhiloxVector.Blocks) + block];
            }
        }
    }
}
