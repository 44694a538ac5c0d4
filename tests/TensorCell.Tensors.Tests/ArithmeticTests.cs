using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class ArithmeticTests
{
    [Fact]
    public void FloorDivisionAndModuloAreThoseOfPython()
    {
        double[] x = [7, -7, 7, -7, 1, 0, -0.0, 5.5, double.PositiveInfinity, 1];
        double[] y = [2, 2, -2, -2, 0.1, 3, 3, -2, 2, double.PositiveInfinity];

        // What Python prints for x // y and x % y.
        Assert.Equal([3, -4, -4, 3, 9, 0, 0, -3, double.NaN, 0], Tensor.From(x).FloorDivide(Tensor.From(y)).ToArray<double>());
        double[] rests = Tensor.From(x).Modulo(Tensor.From(y)).ToArray<double>();
        Assert.Equal([1, 1, -1, -1, 0.09999999999999995, 0, 0, -0.5, double.NaN, 1], rests);
        Assert.Equal([3, -4, -4, 3], Tensor.From([7, -7, 7, -7]).FloorDivide(Tensor.From([2, 2, -2, -2])).ToArray<int>());
        Assert.Equal([1, 1, -1, -1], Tensor.From([7, -7, 7, -7]).Modulo(Tensor.From([2, 2, -2, -2])).ToArray<int>());
        Assert.Equal([-4L], Tensor.From([-7L]).FloorDivide(2).ToArray<long>());
        Assert.Throws<DivideByZeroException>(() => Tensor.From([1, 2]).FloorDivide(0).Realize());
    }

    [Fact]
    public void IntegerPowersAreIntegersAndWrap()
    {
        Tensor x = Tensor.From([3, -2, 10, 7]);
        Assert.Equal([9, 4, 100, 49], x.Power(2).ToArray<int>());
        Assert.Equal([27, -8, 1000, 343], x.Power(3).ToArray<int>());
        Assert.Equal([1, 1, 1, 1], x.Power(0).ToArray<int>());
        Assert.Equal([3, 4, 1000, 1], x.Power(Tensor.From([1, 2, 3, 0])).ToArray<int>());
        Assert.Equal([unchecked((byte)(200 * 200)), 81], Tensor.From(new byte[] { 200, 9 }).Power(2).ToArray<byte>());
        Assert.Equal(DType.Float64, x.Power(0.5).DType);
        ArgumentException error = Assert.Throws<ArgumentException>(() => x.Power(-1));
        Assert.Equal("power: i32 [4] to a negative power: an integer cannot hold it; use .To(DType.Float64) first", error.Message);
        Assert.Throws<ArgumentException>(() => x.Power(Tensor.From([1, -1, 1, 1])));
    }

    [Fact]
    public void ShiftsLoseWhatPassesTheEnds()
    {
        Assert.Equal([4, 8, -16], (Tensor.From([1, 2, -4]) << 2).ToArray<int>());
        Assert.Equal([0, 0], (Tensor.From([1, -1]) << 32).ToArray<int>());
        Assert.Equal([2, -2, -1], (Tensor.From([8, -8, -1]) >> 2).ToArray<int>());
        Assert.Equal([0L, -1], (Tensor.From([1L, -1]) >> 100).ToArray<long>());
        Assert.Equal([128, 0], (Tensor.From(new byte[] { 1, 2 }) << 7).ToArray<byte>());
        Assert.Equal([1L << 40], (Tensor.From([1L]) << Tensor.From([40])).ToArray<long>());
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Ones(2) << 1);
        Assert.Contains("shiftleft: not defined on f32", error.Message);
    }

    [Fact]
    public void DivisorsAndMultiples()
    {
        Tensor x = Tensor.From([12, -18, 0, 7]);
        Tensor y = Tensor.From([8, 12, 5, 0]);
        Assert.Equal([4, 6, 5, 7], Tensor.GreatestCommonDivisor(x, y).ToArray<int>());
        Assert.Equal([24, 36, 0, 0], Tensor.LeastCommonMultiple(x, y).ToArray<int>());
    }

    [Fact]
    public void TruthOfNumbers()
    {
        Tensor x = Tensor.From([0f, 1, -2, 0]);
        Tensor y = Tensor.From([0f, 0, 3, 4]);
        Assert.Equal([false, false, true, false], x.LogicalAnd(y).ToArray<bool>());
        Assert.Equal([false, true, true, true], x.LogicalOr(y).ToArray<bool>());
        Assert.Equal([false, true, false, true], x.LogicalXor(y).ToArray<bool>());
        Assert.Equal([true, false, false, true], x.LogicalNot().ToArray<bool>());
    }

    [Fact]
    public void SpecialNumbers()
    {
        Tensor x = Tensor.From([1f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity]);
        Assert.Equal([false, false, false, true, true], x.IsInfinity().ToArray<bool>());
        Assert.Equal([false, true], x.SignBit()[..2].ToArray<bool>());
        Assert.Equal([1f, 0, 0, float.MaxValue, float.MinValue], x.NanToNum().ToArray<float>());
        Assert.Equal([1f, 0, 9, 5, -5], x.NanToNum(9, 5, -5).ToArray<float>());
        Assert.Equal([1f, 1], Tensor.MaximumNumber(Tensor.From([1f, float.NaN]), Tensor.From([float.NaN, 1])).ToArray<float>());
        Assert.Equal([1f, 1], Tensor.MinimumNumber(Tensor.From([1f, float.NaN]), Tensor.From([float.NaN, 1])).ToArray<float>());
        float[] infinite = Tensor.LogAddExp(
            Tensor.From([float.PositiveInfinity, float.NegativeInfinity, float.NegativeInfinity]), Tensor.From([float.PositiveInfinity, float.NegativeInfinity, 1])).ToArray<float>();
        Assert.Equal([float.PositiveInfinity, float.NegativeInfinity, 1], infinite);
    }

    [Fact]
    public void RoundingToDecimals()
    {
        Assert.Equal([1.23, -1.24, 0.5], Tensor.From([1.2345, -1.235, 0.5]).Round(2).ToArray<double>());
        Assert.Equal([1200.0, 1300], Tensor.From([1234.0, 1251]).Round(-2).ToArray<double>());
        Assert.Equal([1200, 1300], Tensor.From([1234, 1251]).Round(-2).ToArray<int>());
    }

    [Fact]
    public void LerpGoesFromOneToTheOther()
    {
        Assert.Equal([1f, 2, 3], Tensor.Full(3, 1).Lerp(Tensor.Full(3, 3), Tensor.From([0f, 0.5f, 1])).ToArray<float>());
    }
}
