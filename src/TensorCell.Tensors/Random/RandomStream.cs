using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>
/// A reproducible sequence of random tensors. Each takes its place in the sequence when it is asked for, not when it is computed, so
/// neither laziness nor the number of threads changes a result. Safe to use from several threads.
/// </summary>
public sealed partial class RandomStream
{
    private ulong nextBlock;

    /// <summary>A sequence that the seed determines.</summary>
    public RandomStream(ulong seed) => Seed = seed;

    /// <summary>What determines the sequence.</summary>
    public ulong Seed { get; }

    /// <summary>Numbers evenly distributed from <paramref name="low"/> (included) to <paramref name="high"/> (excluded).</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="dtype">f32, with 24 random bits each, or f64, with 53.</param>
    public Tensor Uniform(Shape shape, double low = 0, double high = 1, DType dtype = DType.Float32) =>
        Draw("uniform", RandomOperation.Distribution.Uniform, shape, low, high, dtype);

    /// <summary>Normally distributed numbers (Box and Muller 1958).</summary>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="deviation">Their standard deviation.</param>
    /// <param name="dtype">f32 or f64.</param>
    public Tensor Normal(Shape shape, double mean = 0, double deviation = 1, DType dtype = DType.Float32) =>
        Draw("normal", RandomOperation.Distribution.Normal, shape, mean, deviation, dtype);

    /// <summary>Integers from <paramref name="low"/> (included) to <paramref name="high"/> (excluded), evenly distributed to within 2^-64 of the width.</summary>
    public Tensor Integers(Shape shape, long low, long high, DType dtype = DType.Int64)
    {
        if (low >= high)
        {
            Throw.Argument($"integers: no integers from {low} to below {high}");
        }

        if (dtype is not (DType.Int64 or DType.Int32))
        {
            Throw.Argument($"integers: {dtype.Name} is not offered; use DType.Int64 or DType.Int32, then .To({dtype})");
        }

        return Tensor.Pending(
            new RandomOperation(Seed, Reserve((shape.Count + 1) / 2), low, high), shape, DType.Int64).To(dtype);
    }

    /// <summary>
    /// The numbers 0 to <paramref name="count"/> - 1 in random order, as an i64 vector (Fisher and Yates 1938; many numbers as Rao 1961 and Sandelius
    /// 1962 do, on all cores).
    /// </summary>
    public Tensor Permutation(int count)
    {
        if (count < 0)
        {
            Throw.Argument($"permutation: {count} elements asked for");
        }

        ulong block = Reserve(count);
        if (count >= ScatterShuffle.LeastCount)
        {
            return Scattered(count, block);
        }

        long[] order = new long[count];
        for (int index = 0; index < count; index++)
        {
            (uint high, uint low, _, _) = Philox.Block(block + (ulong)index, 0, Seed);
            long other = (long)(((UInt128)(((ulong)high << 32) | low) * (ulong)(index + 1)) >> 64);
            order[index] = order[other];
            order[other] = index;
        }

        return Tensor.From(order);
    }

    private unsafe Tensor Scattered(int count, ulong block)
    {
        Storage storage = Storage.Allocate((long)count * sizeof(long));
        new ScatterShuffle(count, block, Seed).Run((long*)storage.Address);
        GC.KeepAlive(storage);
        return Tensor.Wrap(storage, count, DType.Int64);
    }

    /// <summary>A seed for each part of what one seed determines: SplitMix64 (Steele, Lea and Flood 2014), which scatters neighbouring numbers.</summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="part">The number of the part, from 0.</param>
    internal static ulong SeedOf(ulong seed, ulong part)
    {
        ulong mixed = seed + ((part + 1) * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private Tensor Draw(
        string name, RandomOperation.Distribution distribution, Shape shape, double first, double second, DType dtype)
    {
        if (dtype is not (DType.Float32 or DType.Float64))
        {
            Throw.Argument($"{name}: {dtype.Name} is not offered; use DType.Float32 or DType.Float64, then .To({dtype})");
        }

        int perBlock = dtype == DType.Float32 ? 4 : 2;
        ulong block = Reserve((shape.Count + perBlock - 1) / perBlock);
        return Tensor.Pending(new RandomOperation(distribution, Seed, block, first, second), shape, dtype);
    }

    /// <summary>Takes the next blocks of the sequence.</summary>
    private ulong Reserve(long blocks) => Interlocked.Add(ref nextBlock, (ulong)blocks) - (ulong)blocks;
}
