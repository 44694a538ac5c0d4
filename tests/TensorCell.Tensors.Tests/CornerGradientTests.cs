using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Gradients where a function has a corner, or two operands tie: those of PyTorch.</summary>
public sealed class CornerGradientTests
{
    /// <summary>Functions, points, and the gradient at each.</summary>
    public static TheoryData<string, Func<Tensor, Tensor>, double[], double[]> Corners => new()
    {
        { "clamp", x => x.Clamp(0, 1), [-1, 0, 0.5, 1, 2, double.NaN], [0, 1, 1, 1, 0, 0] },
        { "clamp, bounds crossed", x => x.Clamp(2, 1), [3, 1.5, 0], [0, 0, 0] },
        { "relu", x => x.Relu(), [-1, 0, 1], [0, 0, 1] },
        { "relu6", x => x.Relu6(), [-1, 0, 3, 6, 7], [0, 0, 1, 0, 0] },
        { "hardtanh", x => x.HardTanh(), [-2, -1, 0, 1, 2], [0, 0, 1, 0, 0] },
        { "hardsigmoid", x => x.HardSigmoid() * 6, [-3, 0, 3], [0, 1, 0] },
        { "hardswish", x => x.HardSwish(), [-3, 0, 3], [-0.5, 0.5, 1.5] },
        { "leakyrelu", x => x.LeakyRelu(0.25), [-1, 0, 1], [0.25, 0.25, 1] },
        { "elu", x => x.Elu(2), [0, 1], [2, 1] },
        { "celu", x => x.Celu(2), [0, 1], [1, 1] },
        { "abs", x => x.Abs(), [-1, 0, 1], [-1, 0, 1] },
        { "sign", x => x.Sign() + (0 * x), [-1, 0, 1], [0, 0, 0] },
        { "softsign", x => x.Softsign(), [0, 1], [1, 0.25] },
        { "maximum", x => Tensor.Maximum(x, 0), [-1, 0, 1], [0, 0.5, 1] },
        { "minimum", x => Tensor.Minimum(x, 0), [-1, 0, 1], [1, 0.5, 0] },
        { "maximum of itself", x => Tensor.Maximum(x, x), [-1, 0, 1], [1, 1, 1] },
        { "maximumnumber", x => Tensor.MaximumNumber(x, 0), [-1, 0, 1], [0, 1, 1] },
        { "minimumnumber", x => Tensor.MinimumNumber(x, 0), [-1, 0, 1], [1, 1, 0] },
        { "power 0", x => x.Power(0), [-1, 0, 1], [0, 0, 0] },
        { "greatest", x => x.Max(), [2, 1, 2], [0.5, 0, 0.5] },
    };

    [Theory]
    [MemberData(nameof(Corners))]
    public void AtACornerTheGradientIsPyTorchs(string name, Func<Tensor, Tensor> function, double[] points, double[] expected)
    {
        foreach (DType type in (DType[])[DType.Float64, DType.Float32, DType.Float16, DType.BFloat16])
        {
            Tensor x = Tensor.From(points).To(type).Clone();
            x.RequiresGrad = true;
            function(x).Sum().Backward();
            double[] found = x.Grad!.To(DType.Float64).ToArray<double>();
            for (int index = 0; index < points.Length; index++)
            {
                Assert.True(expected[index].Equals(found[index] + 0.0), $"{name} of {type.Name} {points[index]}: expected {expected[index]}, found {found[index]}");
            }
        }
    }

    [Fact]
    public void BoundsGetTheGradientOfWhatTheyHold()
    {
        Tensor x = Parameter(-1, 0, 0.5, 1, 2);
        Tensor least = Parameter(0);
        Tensor greatest = Parameter(1);
        x.Clamp(least, greatest).Sum().Backward();
        Assert.Equal([0, 1, 1, 1, 0], x.Grad!.ToArray<double>());
        Assert.Equal([1], least.Grad!.ToArray<double>());
        Assert.Equal([1], greatest.Grad!.ToArray<double>());
    }

    [Fact]
    public void ABoundThatAloneRequiresAGradientGetsIt()
    {
        Tensor least = Parameter(0.5);
        Tensor.From([0, 1.0]).Clamp(least, 2).Sum().Backward();
        Assert.Equal([1], least.Grad!.ToArray<double>());
    }

    [Fact]
    public void AGradientThatIsAskedOfAResultIsNotAskedOfItsOperand()
    {
        Tensor x = Tensor.From([1, 2.0]);
        foreach (Tensor view in (Tensor[])[x.Reshape(2), x.Flatten(), x.Transpose(), x.Squeeze(), x[..], x.BroadcastTo(x.Shape), x.Detach(), +x, x.Tile(1)])
        {
            view.RequiresGrad = true;
            Assert.False(x.RequiresGrad);
        }
    }

    [Fact]
    public void AGradientHasElementsOfItsOwn()
    {
        Tensor x = Parameter(1, 2);
        Tensor saved = Tensor.From([3, 4.0]);
        (x * 2).WithGradient("saved", [x], _ => [saved]).Sum().Backward();
        x.Grad!.Fill(0);
        Assert.Equal([3, 4], saved.ToArray<double>());

        Tensor y = Parameter(1, 2);
        Tensor upstream = Tensor.From([5, 6.0]);
        (+y).Backward(upstream);
        y.Grad!.Fill(0);
        Assert.Equal([5, 6], upstream.ToArray<double>());
    }

    private static Tensor Parameter(params double[] numbers)
    {
        Tensor parameter = Tensor.From(numbers);
        parameter.RequiresGrad = true;
        return parameter;
    }
}
