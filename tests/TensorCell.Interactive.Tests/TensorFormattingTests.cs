using System.Net;
using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests;

public sealed class TensorFormattingTests
{
    [Fact]
    public void The_heading_says_what_the_tensor_is()
    {
        var x = Tensor.Ones((3, 4)).Clone();
        x.RequiresGrad = true;
        Assert.Contains("Tensor [3, 4] f32", Html(x));
        Assert.Contains("12 values, 48 B on cpu · strides [4, 1] · requires a gradient", Html(x));
        (x * 2).Sum().Backward();
        Assert.Contains("requires a gradient, and has one", Html(x));
        Assert.Contains("strides [1, 4] · view", Html(x.Detach().T));
        Assert.Contains("was pending", Html(Tensor.Arange(4) * 2));
    }

    [Fact]
    public void Statistics_are_of_all_values()
    {
        var random = new Random(5);
        for (var turn = 0; turn < 40; turn++)
        {
            int[] shape = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, turn < 35 ? 12 : 25))];
            var x = (Tensor.Random((ulong)turn).Normal(shape) * 3 + 1000).Floor();
            x = turn % 3 == 0 ? x.Transpose(0, -1) : turn % 3 == 1 ? x.Flip(-1).Slice(0, .., 2) : x.Unsqueeze(0).BroadcastTo([5, .. shape]);
            x = x.To(new[] { DType.Float32, DType.Float64, DType.Int32, DType.Int64 }[turn % 4]);
            var values = x.To(DType.Float64).ToArray<double>();
            var statistics = TensorStatistics.Of(turn % 2 == 0 ? x : x.Realize());
            Assert.Equal((values.Length, values.Min(), values.Max()), (statistics.Count, statistics.Least, statistics.Greatest));
            var mean = values.Average();
            Assert.Equal(mean, statistics.Mean, 1e-9);
            Assert.Equal(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), statistics.Deviation, 1e-9);
        }
    }

    [Fact]
    public void Statistics_count_zeros_and_what_is_not_finite()
    {
        var x = Tensor.Linspace(-1, 1, 200_001, DType.Float64).Clone();
        x[5] = double.NaN;
        x[100_500] = double.PositiveInfinity;
        x[150_000..150_003] = double.NegativeInfinity;
        x[7..9] = -0.0;
        var statistics = TensorStatistics.Of(x);
        Assert.Equal((199_996, 3, 1, 1, 3), (statistics.Count, statistics.Zeros, statistics.NotNumbers, statistics.AboveAll, statistics.BelowAll));
        Assert.Equal((-1, 1), (statistics.Least, statistics.Greatest));
        Assert.Equal(statistics, TensorStatistics.Of(x));
        var large = TensorStatistics.Of(Tensor.Full(100, double.MaxValue, DType.Float64));
        Assert.Equal((double.MaxValue, 0), (large.Greatest, large.NotFinite));
        Assert.Equal(30, TensorStatistics.Of(Tensor.Full(30, double.NaN)).NotNumbers);
        Assert.Equal(0, TensorStatistics.Of(Tensor.Zeros((0, 3))).Count);
        Assert.Equal(4_000_000_000_000, TensorStatistics.Of(Tensor.Scalar(2f).BroadcastTo((2_000_000, 2_000_000))).Count);
    }

    [Fact]
    public void What_is_not_finite_is_counted_and_red()
    {
        var html = Html(Tensor.From([.. Enumerable.Repeat(1.0, 30), double.NaN, double.NegativeInfinity]));
        Assert.Contains(">NaN</th>", html);
        Assert.Contains("<span class=\"b\">1 (3.1 %)</span>", html);
        Assert.Contains("−∞", html);
        Assert.DoesNotContain("+∞", html);
        Assert.Contains("<span class=\"b\">nan</span>", html);
        Assert.Contains("<span class=\"b\">-inf</span>", html);
        Assert.Contains("<span class=\"b\">NaN</span>", Html(Tensor.From(new[,] { { 1, float.NaN } })));
        Assert.DoesNotContain("class=\"b\"", Html(Tensor.Arange(30)));
        Assert.NotEmpty(Html(Tensor.Full((20, 20), double.NaN)));
    }

    [Fact]
    public void Statistics_have_a_small_picture()
    {
        var html = Html(Tensor.Random(1).Normal((30, 5, 6)));
        Assert.Contains("<img alt=\"distribution\"", html);
        Assert.Contains(">std</th>", html);
        Assert.DoesNotContain("<img alt=\"distribution\"", Html(Tensor.Ones(40)));
        Assert.Contains("30 (75 %)", Html(Tensor.Arange(40) >= 10));
    }

    [Fact]
    public void Of_many_axes_a_corner_is_shown()
    {
        var html = Html(Tensor.Arange(16 * 20 * 30).Reshape(4, 2, 2, 20, 30));
        Assert.Contains("[0, 0, 0, .., ..], the first of 16 such matrices", html);
        Assert.Contains(">599</td>", html);
        Assert.DoesNotContain(">600</td>", html);
        Assert.InRange(html.Length, 1000, 30_000);
        Assert.Contains("[[[", Html(Tensor.Arange(60).Reshape(3, 4, 5)));
        Assert.Contains(">999</td>", Html(Tensor.Arange(1000)));
        Assert.InRange(Html(Tensor.Zeros([.. Enumerable.Repeat(2, 12)])).Length, 1000, 30_000);
    }

    [Fact]
    public void Numbers_of_a_table_have_as_many_decimals_as_the_greatest_needs()
    {
        Assert.Contains(">0.0125</td>", Html(Tensor.From(new[,] { { 3.14159265, 0.0125, 0 }, { -1.5, 1e-7, 2 } })));
        var html = Html(Tensor.From(new[,] { { 3.14159265, 0.5, 0 }, { -1.5, 1e-7, 2 } }));
        Assert.Contains(">3.1416</td>", html);
        Assert.Contains(">0.5000</td>", html);
        Assert.Contains(">0</td>", html);
        Assert.Contains(">1e-7</td>", html);
        Assert.Contains(">2.0000</td>", html);
        Assert.Contains(">-0.98</td>", Html(Tensor.From(new[,] { { -1, -0.98 } })));
        Assert.Contains(">-1.23e-12</td>", Html(Tensor.From(new[,] { { -1.23456e-12, 1e-13 } })));
        Assert.Contains(">1234567</td>", Html(Tensor.From(new[,] { { 1234567.0, 1 } })));
        Assert.Contains(">1.23e6</td>", Html(Tensor.From(new[,] { { 1234567.5, 1 } })));
    }

    [Fact]
    public void Whole_numbers_keep_all_digits()
    {
        Assert.Contains(">9223372036854775807</td>", Html(Tensor.From(new[,] { { long.MaxValue, 1 } })));
        Assert.Contains(">-9007199254740993</td>", Html(Tensor.From(new[,] { { -9007199254740993, 1 } })));
        Assert.Contains(">true</td>", Html(Tensor.Eye(3) > 0));
    }

    [Fact]
    public void What_cannot_be_computed_says_so_in_red()
    {
        var quotient = Kernel.Elementwise((int x, int y) => x / y);
        var html = Html(quotient[Tensor.From([1, 2]), Tensor.From([1, 0])]);
        Assert.Contains("Tensor [2] i32", html);
        Assert.Contains("<span class=\"b\">It cannot be computed. ", html);
        Assert.Contains("an integer was divided by zero", html);
        Assert.DoesNotContain("computed to be shown", html);
    }

    [Fact]
    public void What_is_everywhere_the_same_has_no_heat_map()
    {
        Assert.DoesNotContain("<svg", Html(Tensor.Full((20, 20), 2)));
        Assert.DoesNotContain("heat map", Html(Tensor.Full((20, 20), 2)));
        Assert.Contains("heat map", Html(Tensor.Arange(400).Reshape(20, 20)));
    }

    [Fact]
    public void A_gradient_is_not_followed_by_looking()
    {
        var x = Tensor.Ones((20, 20)).Clone();
        x.RequiresGrad = true;
        Assert.NotEmpty(Html(x));
        Assert.NotEmpty((x * 1).AsImage().ToPng());
        Assert.Null(x.Grad);
    }

    private static string Html(Tensor tensor) => WebUtility.HtmlDecode(MimeBundles.Of(tensor).Data["text/html"]);
}
