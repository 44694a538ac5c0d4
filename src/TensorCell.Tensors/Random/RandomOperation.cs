using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>Random elements from one stretch of counters.</summary>
internal sealed class RandomOperation : Operation
{
    private const int BlockLength = 1 << 14;

    private readonly Distribution distribution;
    private readonly ulong seed;
    private readonly ulong firstBlock;
    private readonly double first;
    private readonly double second;
    private readonly long lower;
    private readonly long upper;

    /// <summary>Real numbers.</summary>
    /// <param name="distribution">How they are distributed.</param>
    /// <param name="seed">The key of the generator.</param>
    /// <param name="firstBlock">The first counter.</param>
    /// <param name="first">The lower bound, or the mean.</param>
    /// <param name="second">The upper bound, or the deviation.</param>
    public RandomOperation(Distribution distribution, ulong seed, ulong firstBlock, double first, double second)
        : base(distribution == Distribution.Normal ? "normal" : "uniform")
    {
        this.distribution = distribution;
        this.seed = seed;
        this.firstBlock = firstBlock;
        this.first = first;
        this.second = second;
    }

    /// <summary>Integers.</summary>
    /// <param name="seed">The key of the generator.</param>
    /// <param name="firstBlock">The first counter.</param>
    /// <param name="lower">The least.</param>
    /// <param name="upper">One more than the greatest.</param>
    public RandomOperation(ulong seed, ulong firstBlock, long lower, long upper)
        : base("integers")
    {
        distribution = Distribution.Integers;
        this.seed = seed;
        this.firstBlock = firstBlock;
        this.lower = lower;
        this.upper = upper;
    }

    /// <summary>How the elements are distributed.</summary>
    public enum Distribution
    {
        /// <summary>Evenly between two bounds.</summary>
        Uniform,

        /// <summary>Normally with a mean and a deviation.</summary>
        Normal,

        /// <summary>Whole numbers evenly between two bounds.</summary>
        Integers,
    }

    /// <inheritdoc/>
    protected override unsafe Storage Run(Value target)
    {
        long count = target.Layout.Shape.Count;
        Storage storage = Storage.Allocate(count * target.DType.Size);
        nint address = storage.Address;
        DType type = target.DType;
        Workers.For(checked((int)((count + BlockLength - 1) / BlockLength)), block =>
        {
            long begin = (long)block * BlockLength;
            long end = Math.Min(begin + BlockLength, count);
            switch (type)
            {
                case DType.Float32:
                    FillSingle((float*)address, begin, end);
                    break;
                case DType.Float64:
                    FillDouble((double*)address, begin, end);
                    break;
                default:
                    FillIntegers((long*)address, begin, end);
                    break;
            }
        });
        GC.KeepAlive(storage);
        return storage;
    }

    /// <summary>Four elements from each block, of 24 bits each.</summary>
    private unsafe void FillSingle(float* elements, long begin, long end)
    {
        for (; begin <= end - SingleVectors.Count; begin += SingleVectors.Count)
        {
            ulong block = firstBlock + (ulong)(begin / 4);
            if (distribution == Distribution.Uniform)
            {
                SingleVectors.Uniform(block, seed, first, second, elements + begin);
            }
            else if (!SingleVectors.TryNormal(block, seed, first, second, elements + begin))
            {
                FillSingleOneByOne(elements, begin, begin + SingleVectors.Count);
            }
        }

        FillSingleOneByOne(elements, begin, end);
    }

    private unsafe void FillSingleOneByOne(float* elements, long begin, long end)
    {
        Span<float> four = stackalloc float[4];
        for (long index = begin; index < end; index += 4)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(firstBlock + (ulong)(index / 4), 0, seed);
            if (distribution == Distribution.Uniform)
            {
                four[0] = UniformSingle(a);
                four[1] = UniformSingle(b);
                four[2] = UniformSingle(c);
                four[3] = UniformSingle(d);
            }
            else
            {
                (double x, double y) = Normals(Fraction(a), Fraction(b));
                (double z, double w) = Normals(Fraction(c), Fraction(d));
                four[0] = (float)(first + (second * x));
                four[1] = (float)(first + (second * y));
                four[2] = (float)(first + (second * z));
                four[3] = (float)(first + (second * w));
            }

            int length = (int)Math.Min(4, end - index);
            four[..length].CopyTo(new Span<float>(elements + index, length));
        }
    }

    /// <summary>Two elements from each block, of 53 bits each.</summary>
    private unsafe void FillDouble(double* elements, long begin, long end)
    {
        double* last = stackalloc double[DoubleVectors.Count];
        for (; begin < end; begin += DoubleVectors.Count)
        {
            // What is left at the end is computed as all else is, beside.
            double* target = end - begin >= DoubleVectors.Count ? elements + begin : last;
            ulong block = firstBlock + (ulong)(begin / 2);
            if (distribution == Distribution.Uniform)
            {
                DoubleVectors.Uniform(block, seed, first, second, target);
            }
            else
            {
                DoubleVectors.Normal(block, seed, first, second, target);
            }

            if (target == last)
            {
                new ReadOnlySpan<double>(last, (int)(end - begin)).CopyTo(new Span<double>(elements + begin, (int)(end - begin)));
            }
        }
    }

    /// <summary>Two elements from each block, by multiplying 64 random bits with the width of the interval (Lemire 2019).</summary>
    private unsafe void FillIntegers(long* elements, long begin, long end)
    {
        ulong width = (ulong)(upper - lower);
        for (; width <= uint.MaxValue && end - begin >= DoubleVectors.Count; begin += DoubleVectors.Count)
        {
            DoubleVectors.Integers(firstBlock + (ulong)(begin / 2), seed, lower, width, elements + begin);
        }

        for (; begin < end; begin += 2)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(firstBlock + (ulong)(begin / 2), 0, seed);
            elements[begin] = lower + (long)Math.BigMul(((ulong)a << 32) | b, width, out _);
            if (begin + 1 < end)
            {
                elements[begin + 1] = lower + (long)Math.BigMul(((ulong)c << 32) | d, width, out _);
            }
        }
    }

    /// <summary>From above 0 to 1, included.</summary>
    private static double Fraction(uint word) => (word + 1.0) * (1.0 / (1UL << 32));

    private static (double Cosine, double Sine) Normals(double radius, double angle)
    {
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * angle);
        double length = Math.Sqrt(-2 * Math.Log(radius));
        return (length * cosine, length * sine);
    }

    private float UniformSingle(uint word)
    {
        float number = (float)(first + ((second - first) * ((word >> 8) * (1.0 / (1 << 24)))));
        return number < (float)second ? number : MathF.BitDecrement((float)second);
    }
}
