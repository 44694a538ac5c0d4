using TensorCell.Kernels;
using TensorCell.Kernels.Passes;

namespace TensorCell.Tensors.Tests;

/// <summary>Matrix products take the elementwise operations on their results along.</summary>
[Collection(nameof(EngineSettings))]
public sealed class ProductFusionTests : IDisposable
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> epilogues = new()
    {
        ["bias"] = (product, row, _) => product + row,
        ["bias and gelu"] = (product, row, _) => (product + row).Gelu(),
        ["residual"] = (product, row, whole) => ((product + row).Relu() * 0.5) + whole,
        ["scale"] = (product, _, _) => product * 0.125,
        ["column"] = (product, row, whole) => (product * whole.Max(-1, keepDims: true)) - row,
        ["reversed residual"] = (product, _, whole) => product - whole.Flip(-1),
        ["twice"] = (product, row, _) => product * product.Sigmoid(),
        ["integers"] = (product, row, _) => (product * 10).To(DType.Int32),
        ["truth"] = (product, row, _) => product > row,
    };

    private readonly bool contraction = Optimizer.Contraction;

    public ProductFusionTests() => Optimizer.Contraction = false;

    public static TheoryData<string> Epilogues => [.. epilogues.Keys];

    public void Dispose() => Optimizer.Contraction = contraction;

    [Theory]
    [MemberData(nameof(Epilogues))]
    public void GiveTheSameBitsAsAlone(string name)
    {
        Samples samples = new(name.Length);
        int[] lengths = [1, 2, 5, 12, 13, 31, 32, 33, 64, 100, 257];
        for (int trial = 0; trial < 30; trial++)
        {
            DType type = samples.Random.Next(3) == 0 ? DType.Float64 : DType.Float32;
            int rows = Pick();
            int depth = Pick();
            int columns = Pick();
            int[] batch = samples.Random.Next(3) switch { 0 => [], 1 => [3], _ => [2, 3] };
            bool isShared = samples.Random.Next(2) == 0;
            Sample left = samples.Tensor([.. batch, rows, depth], type, -1, 1);
            Sample right = samples.Tensor(isShared ? [depth, columns] : [.. batch, depth, columns], type, -1, 1);
            Sample row = samples.Tensor([columns], type, -1, 1);
            Sample whole = samples.Tensor([.. batch, rows, columns], type, -1, 1);
            Tensor together = epilogues[name](left.Tensor.MatMul(right.Tensor), row.Tensor, whole.Tensor);
            Tensor alone = epilogues[name](left.Tensor.MatMul(right.Tensor).Realize(), row.Tensor, whole.Tensor);
            Assert.Equal(alone.DType, together.DType);
            Assert.Equal(alone.To(DType.Float64).ToArray<double>(), together.To(DType.Float64).ToArray<double>());
        }

        int Pick() => lengths[samples.Random.Next(lengths.Length)];
    }

    [Fact]
    public void RunInOneStep()
    {
        Tensor x = Tensor.Random(1).Normal((64, 48)).Realize();
        Tensor w = Tensor.Random(2).Normal((96, 48)).Realize();
        Tensor b = Tensor.Random(3).Normal(96).Realize();
        LaunchStep step = Assert.Single(LaunchPlan.Of((x.MatMul(w.T) + b).Gelu()).Steps);
        Assert.Equal("matmul", step.Operations[0]);
        Assert.Contains("erf", step.Operations);
        Assert.Equal(3, step.Inputs.Count);
    }

    [Fact]
    public void WhatGradientsReadIsStoredOnTheWay()
    {
        Tensor x = Tensor.Random(1).Normal((64, 48)).Realize();
        Tensor w = Tensor.Random(2).Normal((48, 96)).Realize();
        w.RequiresGrad = true;
        Tensor before = x.MatMul(w) + Tensor.Random(3).Normal(96).Realize();
        Tensor after = before.Gelu();
        Assert.Single(LaunchPlan.Of(after).Steps);
        Assert.False(before.IsPending);

        Tensor activated = (x.MatMul(w) + 1).Relu();
        Assert.Single(LaunchPlan.Of(activated).Steps[0].Outputs);
    }

    [Fact]
    public void AProductThatIsReadTwiceIsStored()
    {
        Tensor x = Tensor.Random(1).Normal((64, 64)).Realize();
        Tensor product = x.MatMul(x);
        Tensor one = product + 1;
        Tensor two = product.Sum(0);
        float[] ones = one.ToArray<float>();
        Assert.False(product.IsPending);
        Assert.Equal(product.Sum(0).ToArray<float>(), two.ToArray<float>());
        Assert.Equal(ones[5], product.ToArray<float>()[5] + 1);
    }

    [Fact]
    public void TwoProductsAreAdded()
    {
        Tensor x = Tensor.Random(1).Normal((40, 64)).Realize();
        Tensor y = Tensor.Random(2).Normal((64, 64)).Realize();
        Tensor sum = x.MatMul(y) + x.MatMul(y.T);
        Tensor alone = x.MatMul(y).Realize() + x.MatMul(y.T).Realize();
        LaunchPlan plan = LaunchPlan.Of(sum);
        Assert.Equal(2, plan.Steps.Count);
        Assert.Equal(alone.ToArray<float>(), sum.ToArray<float>());
    }

    [Fact]
    public void GradientsAreThoseOfTheParts()
    {
        Samples samples = new(5);
        Sample x = samples.Tensor([5, 4], DType.Float64, -1, 1);
        Sample w = samples.Tensor([4, 33], DType.Float64, -1, 1);
        Sample b = samples.Tensor([33], DType.Float64, -1, 1);
        GradientCheck.Run(t => (t[0].MatMul(t[1]) + t[2]).Gelu(), x, w, b);
        GradientCheck.Run(t => (t[0].MatMul(t[1]) + t[2]).Tanh() * t[2], x, w, b);
        GradientCheck.Run(t => ((t[0].MatMul(t[1]) + t[2]) * t[2]).Sigmoid(), x, w, b);
    }
}
