using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The numbers that every system of a case computes with, the same in every language; see <c>peers/protocol.py</c>.</summary>
public static class TensorInputs
{
    private const int Period = 16001;

    /// <summary>The factors that keep the inputs of a case apart: the first, the second and so on.</summary>
    public static IReadOnlyList<long> Factors { get; } = [7919, 104729, 15485863, 32452843];

    /// <summary>Numbers from <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="scale"/>.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="scale">How far apart the least and the greatest are.</param>
    /// <param name="offset">The least.</param>
    /// <param name="input">Which input of the case it is, from 0.</param>
    /// <param name="dtype">Its type.</param>
    public static Tensor Uniform(Shape shape, double scale = 1, double offset = -0.5, int input = 0, DType dtype = DType.Float32) =>
        Repeat(Period, shape, dtype, index => (index * Factors[input] % Period / (Period - 1.0) * scale) + offset);

    /// <summary>Whole numbers from <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="modulus"/> - 1.</summary>
    public static Tensor Whole(Shape shape, int modulus, int offset, int input, DType dtype) =>
        Repeat(modulus, shape, dtype, index => (index * Factors[input] % modulus) + offset);

    /// <summary>Numbers from 0 to 1 and one greatest element, 2, so that all systems name the same.</summary>
    public static Tensor Peaked(int count)
    {
        var values = Uniform(count, 1, 0).ToArray<float>();
        values[(long)count * 3 / 4] = 2;
        return Tensor.From(values).Clone();
    }

    /// <summary>Whole numbers below 2^24 in no order, by the finalizer of a hash: what is sorted must not be foreseeable.</summary>
    public static Tensor Scattered(Shape shape)
    {
        var values = new float[shape.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var bits = unchecked((uint)i * 0x9E3779B1);
            bits = unchecked((bits ^ (bits >> 15)) * 0x85EBCA77);
            bits = unchecked((bits ^ (bits >> 13)) * 0xC2B2AE3D);
            values[i] = (bits ^ (bits >> 16)) >> 8;
        }

        return Tensor.From(values, shape).Clone();
    }

    /// <summary>In the engine's own memory, as results and what is read from files are; a user's array is used where it lies.</summary>
    private static Tensor Repeat(int period, Shape shape, DType dtype, Func<long, double> term)
    {
        var repeats = checked((int)((shape.Count + period - 1) / period));
        var values = Tensor.From(Enumerable.Range(0, period).Select(index => term(index)).ToArray()).To(dtype).Realize();
        return values.Unsqueeze(0).BroadcastTo((repeats, period)).Reshape(-1)[..(int)shape.Count].Reshape(shape).Clone();
    }
}
