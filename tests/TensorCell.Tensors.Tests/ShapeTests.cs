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
    public void NegativeAxesCountFromTheLast() => Assert.Equal(3, Shape.Of(2, 3)[-1]);
}
