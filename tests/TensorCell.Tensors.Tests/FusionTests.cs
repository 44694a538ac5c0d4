namespace TensorCell.Tensors.Tests;

public sealed class FusionTests
{
    [Fact]
    public void AChainGivesWhatItsStepsGive()
    {
        Tensor x = Tensor.Random(1).Normal((3, 5));
        Tensor b = Tensor.Random(2).Normal(5);
        Tensor y = ((2 * x) + b).Tanh() * 3 + x.Relu();
        float[] xs = x.ToArray<float>();
        float[] bs = b.ToArray<float>();
        float[] ys = y.ToArray<float>();
        for (int i = 0; i < xs.Length; i++)
        {
            Assert.Equal(Math.Tanh((2 * xs[i]) + bs[i % 5]) * 3 + Math.Max(xs[i], 0), ys[i], 1e-5);
        }

        Assert.Equal(ys.Sum(), (float)y.Sum(), 1e-4);
        Assert.Equal(ys[5..10], y[1].ToArray<float>());
    }
}
