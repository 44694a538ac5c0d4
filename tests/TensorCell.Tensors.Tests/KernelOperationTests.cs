using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Kernels with loops and views on tensors, their results and their gradients.</summary>
public sealed class KernelOperationTests
{
    [Fact]
    public void A_function_with_a_loop_runs_for_every_element_of_any_layout()
    {
        var steps = Kernel.Elementwise((int n) =>
        {
            var count = 0;
            while (n > 1)
            {
                n = n % 2 == 0 ? n / 2 : (3 * n) + 1;
                count++;
            }

            return count;
        });
        Assert.Null(steps.Function);
        Assert.NotNull(steps.Grid);
        var x = Tensor.Arange(1, 61, dtype: DType.Int32).Reshape((6, 10));
        int[] wanted = [.. x.ToArray<int>().Select(Collatz)];
        Assert.Equal(wanted, steps[x].ToArray<int>());
        Assert.Equal(x.T.ToArray<int>().Select(Collatz), steps[x.T].ToArray<int>());
        Assert.Equal(Enumerable.Repeat(Collatz(27), 12), steps[Tensor.Full((3, 4), 27, DType.Int32)].ToArray<int>());
        Assert.Equal(111, (int)steps[27]);
        Assert.Empty(steps[Tensor.Zeros(0, DType.Int32)].ToArray<int>());
    }

    [Fact]
    public void Its_gradient_is_that_of_the_values_it_computes()
    {
        var root = Kernel.Elementwise((double x, double start) =>
        {
            var guess = start;
            for (var i = 0; i < 40; i++)
            {
                guess = 0.5 * (guess + (x / guess));
            }

            return guess;
        });
        var x = Tensor.From([0.5, 2, 9, 100.0]);
        x.RequiresGrad = true;
        root[x, Tensor.Full(default, 1, DType.Float64)].Sum().Backward();
        double[] wanted = [.. x.ToArray<double>().Select(value => 0.5 / Math.Sqrt(value))];
        Assert.All(x.Grad!.ToArray<double>().Zip(wanted), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void Captured_arrays_are_read_when_it_is_applied()
    {
        float[] coefficients = [1, 2, 3];
        var polynomial = Kernel.Elementwise((float x) =>
        {
            var sum = 0f;
            for (var i = coefficients.Length - 1; i >= 0; i--)
            {
                sum = (sum * x) + coefficients[i];
            }

            return sum;
        });
        Assert.Equal([1, 6, 17], polynomial[Tensor.From([0f, 1, 2])].ToArray<float>());
        coefficients = [0, 1];
        Assert.Equal([0, 1, 2], polynomial[Tensor.From([0f, 1, 2])].ToArray<float>());
    }

    [Fact]
    public void A_gradient_is_of_the_function_that_was_applied_whatever_its_captured_variables_became()
    {
        var (scale, turns) = (2.0, 3);
        double[] factors = [1, 10];
        View<double> others = new double[] { 5, 7 };
        var looped = Kernel.Elementwise((double x) =>
        {
            var sum = 0.0;
            for (var i = 0; i < turns; i++)
            {
                sum += scale * factors[i % factors.Length] * others[1] * x;
            }

            return sum;
        });
        var operation = Kernel.Operation((int i, View<double> x, View<double> y) => y[i] = scale * factors[1] * x[i] * x[i]);
        var x = Tensor.From([1.0, 2]);
        x.RequiresGrad = true;
        var applied = looped[x].Sum();
        var launched = operation[x].Sum();
        (scale, turns, factors[1]) = (50, 1, 1000);
        factors[0] = -1;
        others[1] = 0;
        factors = [];
        applied.Backward();
        Assert.Equal([2 * 12 * 7.0, 2 * 12 * 7], x.Grad!.ToArray<double>());
        x.Grad = null;
        launched.Backward();
        Assert.Equal([40.0, 80], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void A_captured_array_that_is_null_is_named()
    {
        float[]? missing = null;
        var kernel = Kernel.Elementwise((float x) => x * missing![0]);
        Assert.Contains("missing", Assert.Throws<ArgumentException>(() => { _ = kernel[Tensor.Ones(2)]; }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_reads_and_writes_tensors_in_place()
    {
        var kernel = GridKernel.Compile((Index2 i, View2<float> x, View2<float> y, float scale) => y[i.Y, i.X] = scale * x[i.X, i.Y]);
        var x = Tensor.Arange(0, 12).Reshape((3, 4)).Realize();
        var y = Tensor.Zeros((4, 3));
        var pending = y + 1f;
        kernel.Launch((4, 3), x, y, 2f);
        Assert.Equal((x.T * 2f).ToArray<float>(), y.ToArray<float>());
        Assert.Equal(Enumerable.Repeat(1f, 12), pending.ToArray<float>());

        var transposed = Tensor.Zeros((3, 4));
        kernel.Launch((4, 3), x, transposed.T, 1f);
        Assert.Equal(x.ToArray<float>(), transposed.ToArray<float>());
    }

    [Fact]
    public void An_elementwise_kernel_is_an_operation_with_a_gradient()
    {
        var swish = Kernel.Operation((Index2 i, View2<float> x, View2<float> y, float beta) =>
        {
            var value = x[i.Y, i.X];
            y[i.Y, i.X] = value / (1 + MathF.Exp(-beta * value));
        });
        Assert.True(swish.IsDifferentiable);
        var x = (Tensor.Arange(0, 20).Reshape((4, 5)) - 10f).Realize();
        x.RequiresGrad = true;
        var wanted = (x * (x * 1.5f).Sigmoid()).Sum();
        wanted.Backward();
        var reference = x.Grad!.ToArray<float>();
        x.Grad = null;
        var found = swish[x, 1.5f].Sum();
        found.Backward();
        Assert.Equal((float)wanted, (float)found, 1e-4);
        Assert.All(x.Grad!.ToArray<float>().Zip(reference), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void A_kernel_that_reads_its_neighbours_takes_its_gradient_from_its_author()
    {
        var sums = Kernel.Operation(Neighbours);
        var x = Tensor.From([1.0, 2, 4, 8]);
        x.RequiresGrad = true;
        var y = sums[x];
        Assert.Equal([3, 7, 14, 12], y.ToArray<double>());
        (y * Tensor.From([1.0, 10, 100, 1000])).Sum().Backward();
        Assert.Equal([11, 111, 1110, 1100], x.Grad!.ToArray<double>());

        var without = Kernel.Operation((int i, View<double> x, View<double> y) => y[i] = x[x.Length - 1 - i]);
        Assert.False(without.IsDifferentiable);
        var error = Assert.Throws<InvalidOperationException>(() => { _ = without[x]; });
        Assert.Contains("WithGradient", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shape_of_the_result_can_be_another_than_the_input_s()
    {
        var outer = Kernel.Operation(
            (Index2 i, View<float> a, View<float> b, View2<float> c) => c[i.Y, i.X] = a[i.Y] * b[i.X], shapes => (shapes[0][0], shapes[1][0]));
        var product = outer[Tensor.From([1f, 2]), Tensor.From([3f, 4, 5])];
        Assert.Equal([3, 4, 5, 6, 8, 10], product.ToArray<float>());
        Assert.Equal(new Shape?((2, 3)), product.Shape);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var kernel = Kernel.Operation((int i, View<float> x, View<float> y) => y[i] = x[i]);
        Assert.Contains("1 tensors", Assert.Throws<ArgumentException>(() => { _ = kernel[Tensor.Ones(3), 2f]; }).Message, StringComparison.Ordinal);
        Assert.Contains("f64", Assert.Throws<ArgumentException>(() => { _ = kernel[Tensor.Ones(3, DType.Float64)]; }).Message, StringComparison.Ordinal);
        var strange = Assert.Throws<ArgumentException>(() => Kernel.Operation((int i, View<float> x, View<short> y) => y[i] = (short)x[i]));
        Assert.Contains("'y' holds i16, which no tensor does", strange.Message, StringComparison.Ordinal);
        var writes = Assert.Throws<ArgumentException>(() => Kernel.Operation((int i, View<float> x, View<float> y) => y[i] = x[i] = 1));
        Assert.Contains("'x'", writes.Message, StringComparison.Ordinal);
    }

    [Kernel(Gradient = nameof(NeighboursGradient))]
    private static void Neighbours(int i, View<double> x, View<double> y) =>
        y[i] = x[i] + (i > 0 ? x[i - 1] : 0) + (i < x.Length - 1 ? x[i + 1] : 0) - (i > 0 && i < x.Length - 1 ? 0 : 0);

    private static Tensor?[] NeighboursGradient(Tensor[] inputs, Tensor gradient) => [Kernel.Operation(Neighbours)[gradient.Detach()]];

    private static int Collatz(int n)
    {
        var count = 0;
        for (; n > 1; count++)
        {
            n = n % 2 == 0 ? n / 2 : (3 * n) + 1;
        }

        return count;
    }
}
