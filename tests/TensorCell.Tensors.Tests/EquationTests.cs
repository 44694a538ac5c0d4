using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class EquationTests
{
    [Fact]
    public void SolutionsSolveLargeAndBatchedEquations()
    {
        Tensor large = Tensor.Random(1).Normal((150, 150), dtype: DType.Float64);
        Tensor sides = Tensor.Random(2).Normal((150, 7), dtype: DType.Float64);
        Assert.True(large.MatMul(large.Solve(sides)).AllClose(sides, 1e-8, 1e-8));
        Assert.True(large.MatMul(large.Inverse()).AllClose(Tensor.Eye(150, dtype: DType.Float64), 1e-8, 1e-8));
        Tensor batch = Tensor.Random(3).Normal((4, 1, 3, 3));
        Tensor right = Tensor.Random(4).Normal((2, 3, 5));
        Assert.Equal(Shape.Of(4, 2, 3, 5), batch.Solve(right).Shape);
        Assert.True(batch.MatMul(batch.Solve(right)).AllClose(right.BroadcastTo(Shape.Of(4, 2, 3, 5)), 1e-3, 1e-3));
        Assert.Equal(1.0, Tensor.Zeros((0, 0), DType.Float64).Determinant().ToDouble());
        Assert.Equal(Shape.Of(0, 3, 3), Tensor.Zeros((0, 3, 3)).Inverse().Shape);
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        Samples samples = new(31);
        Sample matrices = samples.Tensor([2, 3, 3], DType.Float64, -2, 2);
        Sample sides = samples.Tensor([3, 2], DType.Float64, -2, 2);
        GradientCheck.Run(inputs => (inputs[0] + (Tensor.Eye(3, dtype: DType.Float64) * 6)).Solve(inputs[1]), 1e-5, matrices, sides);
        GradientCheck.Run(inputs => (inputs[0] + (Tensor.Eye(3, dtype: DType.Float64) * 6)).Inverse(), 1e-5, matrices);
        GradientCheck.Run(inputs => (inputs[0] + (Tensor.Eye(3, dtype: DType.Float64) * 3)).Determinant(), 1e-5, matrices);
        GradientCheck.Run(inputs => (inputs[0] + (Tensor.Eye(3, dtype: DType.Float64) * 6)).LogDeterminant().Logarithm, 1e-5, matrices);
        GradientCheck.Run(inputs => inputs[0].MatrixPower(3), 1e-5, matrices);
    }

    [Fact]
    public void GradientsOfSampledFunctionsAreThoseOfDifferences()
    {
        Samples samples = new(32);
        Sample x = samples.Tensor([4, 5], DType.Float64, -2, 2);
        Sample vector = samples.Tensor([5], DType.Float64, 0.5, 2);
        Sample rows = samples.Tensor([2, 3], DType.Float64, -2, 2);
        Tensor points = Tensor.From<double>([-3, -1.1, 0.05, 1.3, 3]);
        GradientCheck.Run(inputs => inputs[0].Interpolate(points, inputs[1]), 1e-5, x, vector);
        GradientCheck.Run(inputs => inputs[0].Trapezoid(inputs[1]), x, vector);
        GradientCheck.Run(inputs => inputs[0].CentralDifference(0.5, 0), x);
        GradientCheck.Run(inputs => inputs[0][0].Convolve(inputs[1]), x, vector);
        GradientCheck.Run(inputs => inputs[0].Cross(inputs[0].Flip()), rows);
        GradientCheck.Run(inputs => inputs[0].Distances(inputs[0][..1] + 5), 1e-5, rows);
        GradientCheck.Run(inputs => inputs[0].Average(inputs[1], 1), 1e-5, x, vector);
        GradientCheck.Run(inputs => inputs[0].NanQuantile(0.3, 1), 1e-5, x);
    }

    [Fact]
    public void ErrorsSayWhatWasAsked()
    {
        Assert.StartsWith("solve: the matrix of shape [2, 2] is singular", Assert.Throws<ArgumentException>(() => Tensor.Ones((2, 2)).Inverse().Realize()).Message);
        Assert.StartsWith("solve: matrix 1 of 2", Assert.Throws<ArgumentException>(() => Tensor.Stack(0, Tensor.Eye(2), Tensor.Ones((2, 2))).Inverse().Realize()).Message);
        Assert.StartsWith("determinant: shape [2, 3]", Assert.Throws<ArgumentException>(() => Tensor.Ones((2, 3)).Determinant()).Message);
        Assert.StartsWith("solve: a matrix [2, 2] and a right side [3, 1]: needs 2 rows", Assert.Throws<ArgumentException>(() => Tensor.Eye(2).Solve(Tensor.Ones(3))).Message);
        Assert.StartsWith("geomspace: ", Assert.Throws<ArgumentException>(() => Tensor.Geomspace(-1, 1, 3)).Message);
        Assert.StartsWith("interpolate: ", Assert.Throws<ArgumentException>(() => Tensor.Ones(3).Interpolate(Tensor.Ones(2), Tensor.Ones(3))).Message);
        Assert.StartsWith("cross: ", Assert.Throws<ArgumentException>(() => Tensor.Ones(2).Cross(Tensor.Ones(3))).Message);
        Assert.StartsWith("convolve: ", Assert.Throws<ArgumentException>(() => Tensor.Ones(0).Convolve(Tensor.Ones(3))).Message);
        Assert.StartsWith("flatten: axes 1 to 0", Assert.Throws<ArgumentException>(() => Tensor.Ones((2, 3)).Flatten(1, 0)).Message);
    }

    [Fact]
    public void MeansOfManyHalvesBesideNaNAreExact()
    {
        Tensor halves = Tensor.Full(100_000, 0.5, DType.Float16);
        Assert.Equal(0.5, halves.NanMean().ToDouble());
        Assert.Equal(0.0, halves.NanVar().ToDouble());
    }

    [Fact]
    public void EmptyBatchesHaveGradients()
    {
        Tensor left = Tensor.Zeros((3, 0, 2), DType.Float64);
        Tensor right = Tensor.Ones((2, 0), DType.Float64);
        left.RequiresGrad = right.RequiresGrad = true;
        left.MatMul(right).Sum().Backward();
        Assert.Equal(Shape.Of(2, 0), right.Grad!.Shape);
        Assert.Equal(Shape.Of(3, 0, 2), left.Grad!.Shape);
        Tensor empty = Tensor.Ones(1).BroadcastTo((3, 1))[.., ..0] * 2;
        empty.CopyFrom(Tensor.Zeros((3, 0)));
    }
}
