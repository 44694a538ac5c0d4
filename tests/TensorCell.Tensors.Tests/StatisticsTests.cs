using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void NormsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(2);
        NumPyComparison comparison = new();
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32])
        {
            Tensor a = samples.Tensor([4, 5], dtype, -3, 3).Tensor;
            string type = dtype == DType.Float32 ? ".astype(np.float32)" : string.Empty;
            foreach ((string name, double order) in (ReadOnlySpan<(string, double)>)[("2", 2), ("1", 1), ("np.inf", double.PositiveInfinity), ("-np.inf", double.NegativeInfinity), ("0", 0), ("3", 3), ("0.5", 0.5)])
            {
                comparison.Add($"np.asarray(np.linalg.norm(a, {name}, axis=1), dtype=float){type}", () => a.Norm(order, 1), ("a", a));
                comparison.Add($"np.asarray(np.linalg.norm(a, {name}, axis=0, keepdims=True), dtype=float){type}", () => a.Norm(order, 0, keepDims: true), ("a", a));
            }

            comparison.Add($"np.asarray(np.linalg.norm(a)){type}", () => a.Norm(), ("a", a));
        }

        comparison.Check(1e-6);
        Assert.Equal(5e30f, (float)Tensor.From([3e30f, 4e30f]).Norm(), 1e24f);
        Assert.Equal(0.05, Tensor.From([0.03f, 0.04f]).To(DType.Float16).Norm().ToDouble(), 1e-4);
        Assert.Equal(0f, (float)Tensor.Zeros(0).Norm());
        Assert.Throws<ArgumentException>(() => Tensor.Zeros(2).Norm(double.NaN));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1.5)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void NormsHaveTheirGradients(double order)
    {
        Samples samples = new(5);
        Sample x = samples.Tensor([3, 4], DType.Float64, 0.1, 2);
        GradientCheck.Run(inputs => inputs[0].Norm(order), 1e-5, x);
        GradientCheck.Run(inputs => (inputs[0] * -1).Norm(order, 1, keepDims: true), 1e-5, x);
        Tensor zero = Tensor.Zeros(3, DType.Float64);
        zero.RequiresGrad = true;
        zero.Norm(order).Backward();
        Assert.Equal([0, 0, 0], zero.Grad!.ToArray<double>());
    }

    [Fact]
    public void StatisticsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(3);
        NumPyComparison comparison = new();
        foreach (DType dtype in Enum.GetValues<DType>().Where(dtype => dtype is not (DType.BFloat16 or DType.UInt8)))
        {
            Tensor a = samples.Tensor([4, 5], dtype, dtype == DType.Bool ? 0 : -2, dtype == DType.Bool ? 1 : 2).Tensor;
            string wide = dtype.IsFloatingPoint ? string.Empty : ".astype(np.int64)";
            comparison.Add($"np.trace(a){wide}", () => a.Trace(), ("a", a));
            comparison.Add($"np.trace(a, 1){wide}", () => a.Trace(1), ("a", a));
            comparison.Add("np.asarray(np.count_nonzero(a))", () => a.CountNonZero(), ("a", a));
            comparison.Add("np.count_nonzero(a, axis=0, keepdims=True)", () => a.CountNonZero(0, keepDims: true), ("a", a));
            comparison.Add($"np.prod(a, axis=1){wide}", () => a.Prod(1), ("a", a));
            if (dtype is not (DType.Float16 or DType.Bool))
            {
                comparison.Add($"np.cov(a){(dtype == DType.Float32 ? ".astype(np.float32)" : string.Empty)}", () => a.Covariance(), ("a", a));
                comparison.Add($"np.corrcoef(a){(dtype == DType.Float32 ? ".astype(np.float32)" : string.Empty)}", () => a.Correlation(), ("a", a));
            }
        }

        comparison.Check(4e-3);
        NumPyComparison exact = new();
        Tensor x = Tensor.From<double>([1, double.NaN, 3, 4, 2, double.NaN, double.NaN, double.NaN, double.NaN], (3, 3));
        foreach ((string name, Func<Tensor, Tensor> function) in (ReadOnlySpan<(string, Func<Tensor, Tensor>)>)
            [("nansum", a => a.NanSum(1)), ("nanmean", a => a.NanMean(1)), ("nanvar", a => a.NanVar(1)), ("nanstd", a => a.NanStd(1)), ("nanmax", a => a.NanMax(1)), ("nanmin", a => a.NanMin(1))])
        {
            exact.Add($"np.{name}(a, axis=1)", () => function(x), ("a", x));
        }

        Tensor big = Tensor.Random(1).Uniform((2, 100_000), 0.9999, 1.0001, DType.Float64);
        exact.Add("np.prod(a, axis=1)", () => big.Prod(1), ("a", big));
        Tensor y = Tensor.From<double>([1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 5, 1e-9]);
        Tensor z = Tensor.From<double>([1 + 1e-6, double.NaN, double.PositiveInfinity, double.PositiveInfinity, 5.1, 0]);
        exact.Add("np.isclose(a, b)", () => y.IsClose(z), ("a", y), ("b", z));
        exact.Add("np.isclose(a, b, rtol=0.1, equal_nan=True)", () => y.IsClose(z, 0.1, equalNaN: true), ("a", y), ("b", z));
        exact.Add("np.isclose(b, a, atol=0.2)", () => z.IsClose(y, absoluteTolerance: 0.2), ("a", y), ("b", z));
        exact.Check(1e-12);
    }

    [Fact]
    public void WholeTensorsAreCompared()
    {
        Tensor x = Tensor.From<double>([1, 2, double.NaN]);
        Assert.False(x.ArrayEqual(x));
        Assert.True(x.ArrayEqual(x, equalNaN: true));
        Assert.True(x[..2].ArrayEqual(Tensor.From([1, 2])));
        Assert.False(x[..2].ArrayEqual(Tensor.From([1, 2, 3])));
        Assert.True(x[..2].AllClose(Tensor.From([1.000001, 2])));
        Assert.False(x[..2].AllClose(Tensor.From([1.1, 2])));
        Assert.False(Tensor.Ones(2, DType.Float16).AllClose(Tensor.Ones(2, DType.BFloat16) * 2));
        Assert.Equal(3L, Tensor.From([true, true, false, true]).CountNonZero().Item<long>());
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        Samples samples = new(4);
        Sample x = samples.Tensor([3, 4], DType.Float64, 0.5, 2);
        GradientCheck.Run(inputs => inputs[0].Trace(), x);
        GradientCheck.Run(inputs => inputs[0].Covariance(), x);
        GradientCheck.Run(inputs => inputs[0].Correlation().Square(), 1e-4, samples.Tensor([2, 4], DType.Float64, 0.5, 2));
        GradientCheck.Run(inputs => Tensor.Where(inputs[0].Detach() > 1, inputs[0], double.NaN).NanMean(0), samples.Tensor([5, 2], DType.Float64, 0.8, 4));
    }
}
