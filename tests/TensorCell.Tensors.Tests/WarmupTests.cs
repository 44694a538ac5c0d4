using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Tests;

/// <summary>Warming up, which a host does beside the user's first cells, changes nothing that they compute.</summary>
public sealed class WarmupTests
{
    [Fact]
    public async Task RunsBesideOtherWork()
    {
        var alone = Chain();
        var warmups = Enumerable.Range(0, 2).Select(_ => Task.Run(Warmup.Run, TestContext.Current.CancellationToken)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(alone, Chain());
        }

        await Task.WhenAll(warmups);
    }

    private static float[] Chain()
    {
        Tensor x = new RandomStream(3).Normal([16, 40]);
        Tensor weights = (x - x.Max(1, keepDims: true)).Exp();
        return (weights / weights.Sum(1, keepDims: true)).MatMul(x.T).Tanh().ToArray<float>();
    }
}
