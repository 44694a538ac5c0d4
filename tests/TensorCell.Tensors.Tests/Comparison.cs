using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Compares what the engine made with doubles, to about the rounding of whatever type it made.</summary>
internal static class Comparison
{
    /// <summary>Compares shape and elements.</summary>
    /// <param name="expected">Elements.</param>
    /// <param name="shape">Shape.</param>
    /// <param name="actual">What the engine made.</param>
    /// <param name="what">What was computed, for the error.</param>
    public static void Close(double[] expected, int[] shape, Tensor actual, string what = "")
    {
        Assert.Equal(Shape.Of(shape), actual.Shape);
        double[] found = actual.Detach().To(DType.Float64).ToArray<double>();
        double unit = actual.DType switch
        {
            DType.Float64 => 1e-13,
            DType.Float32 => 4e-6,
            DType.Float16 => 2e-3,
            DType.BFloat16 => 1.6e-2,
            _ => 0,
        };
        for (int index = 0; index < expected.Length; index++)
        {
            double wanted = expected[index];
            Assert.True(
                wanted.Equals(found[index]) || wanted == found[index] || Math.Abs(wanted - found[index]) <= unit * Math.Max(1, Math.Abs(wanted)),
                $"{what}: element {index} of {actual.Shape} {actual.DType.Name}: expected {wanted:R}, found {found[index]:R}");
        }
    }
}
