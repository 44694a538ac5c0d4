using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class ElementwiseKernelTests
{
    private float scale = 2;

    [Fact]
    public void ALambdaRunsOnEveryElement()
    {
        ElementwiseKernel leaky = Kernel.Elementwise((float x) => x > 0 ? x : 0.01f * x);
        Tensor x = Tensor.From([1f, -2, 3, -4]);
        Assert.Equal([1f, -0.02f, 3, -0.04f], leaky.Apply(x).ToArray<float>());
        Assert.Equal([1f, -0.02f, 3, -0.04f], leaky[x].ToArray<float>());
    }

    [Fact]
    public void AMethodRunsOnEveryElement()
    {
        ElementwiseKernel kernel = Kernel.Elementwise(Clipped);
        Assert.Equal([0.0, 1, 0.25], kernel.Apply(Tensor.From([-1.0, 9, 0.5])).ToArray<double>());
        Assert.Contains(nameof(Clipped), kernel.Name);
    }

    [Fact]
    public void SeveralArgumentsBroadcast()
    {
        ElementwiseKernel kernel = Kernel.Elementwise((float x, float y, int n, double z) => (x * y) + n + z);
        Tensor result = kernel.Apply(Tensor.Arange(2).Unsqueeze(1), Tensor.From([1f, 10, 100]), 5, Tensor.Full(default, 0.5, DType.Float64));
        Assert.Equal(DType.Float64, result.DType);
        Assert.Equal([5.5, 5.5, 5.5, 6.5, 15.5, 105.5], result.ToArray<double>());
    }

    [Fact]
    public void CapturedVariablesAreReadAtEveryApplication()
    {
        float offset = 1;
        ElementwiseKernel kernel = Kernel.Elementwise((float x) => (x * scale) + offset);
        Tensor x = Tensor.From([1f, 2]);
        Tensor before = kernel.Apply(x);
        scale = 3;
        offset = 10;
        Tensor after = kernel.Apply(x);
        Assert.Equal([3f, 5], before.ToArray<float>());
        Assert.Equal([13f, 16], after.ToArray<float>());
    }

    [Fact]
    public void ItFusesWithItsNeighbours()
    {
        ElementwiseKernel kernel = Kernel.Elementwise((float x) => x > 0 ? x : 0.01f * x);
        Tensor x = Tensor.Random(1).Normal((20, 30)).Realize();
        using Trace trace = new();
        float sum = (float)((kernel.Apply(x * 2) + 1).Tanh() - x).Sum();
        Assert.Single(trace.Kernels);
        double expected = x.ToArray<float>().Sum(number => Math.Tanh((number > 0 ? 2 * number : 0.02 * number) + 1) - number);
        Assert.Equal(expected, sum, 1e-3);
    }

    [Fact]
    public void ComparisonsGiveBoolTensors()
    {
        Tensor inside = Kernel.Elementwise((double x, double y) => (x * x) + (y * y) < 1).Apply(Tensor.From([0.5, 0.9]), 0.5);
        Assert.Equal([true, false], inside.ToArray<bool>());
    }

    [Fact]
    public void ArgumentsThatDoNotFitAreNamed()
    {
        ElementwiseKernel kernel = Kernel.Elementwise((float x, float y) => x + y);
        Assert.Contains("1 arguments given to a function of 2", Assert.Throws<ArgumentException>(() => kernel.Apply(Tensor.Ones(2))).Message);
        ArgumentException error = Assert.Throws<ArgumentException>(() => kernel.Apply(Tensor.Ones(2), Tensor.Ones(2, DType.Float64)));
        Assert.Contains("argument 2 is f64, the function takes f32; use .To(DType.Float32)", error.Message);
        Assert.Throws<ArgumentException>(() => kernel.Apply(Tensor.Ones(2), Tensor.Ones(3)));
        Assert.Equal([3f, 4], kernel.Apply(Tensor.From(new byte[] { 1, 2 }), 2).ToArray<float>());
    }

    private static double Clipped(double x)
    {
        if (x < 0)
        {
            return 0;
        }

        double square = x * x;
        return Math.Min(square, 1);
    }
}
