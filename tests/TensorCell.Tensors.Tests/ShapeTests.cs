using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void PrintsItsLengths() => Assert.Equal("[2, 3]", Shape.Of(2, 3).ToString());

    [Fact]
    public void AScalarHasOneElement() => Assert.Equal(1, default(Shape).Count);

    [Fact]
    public void NegativeLengthsAreRefused() => Assert.Throws<ArgumentException>(() => Shape.Of(2, -1));

    [Fact]
    public void TheBytesOfAShapeFitALong()
    {
        Assert.Equal(1L << 59, Shape.Of(1 << 30, 1 << 29).Count);
        Assert.Contains("2^59", Assert.Throws<ArgumentException>(() => Shape.Of(1 << 30, 1 << 30)).Message);
        Tensor row = Tensor.Ones(1).BroadcastTo((1, 1 << 30));
        Tensor column = Tensor.Ones(1).BroadcastTo((1 << 30, 1));
        Assert.Contains("2^59", Assert.Throws<ArgumentException>(() => row + column).Message);
        Assert.Contains("2^59", Assert.Throws<ArgumentException>(() => column.MatMul(row)).Message);
        Assert.ThrowsAny<Exception>(() => Tensor.Ones((1 << 30, 1 << 29), DType.Float64).Clone());
    }

    [Fact]
    public void NegativeAxesCountFromTheLast() => Assert.Equal(3, Shape.Of(2, 3)[-1]);
}
