using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Jupyter.Tests;

/// <summary><c>#!jit</c> in a real session.</summary>
public sealed class MagicJitTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Fact]
    public async Task A_method_of_numbers_becomes_an_operation_on_tensors()
    {
        var output = await harness.Run(
            """
            #!jit
            // The last method is the kernel; "this (one)" is its helper.
            static float Half(float x) { return x / 2; }

            static float Swish(float x)
            {
                var sum = 0f;
                for (var i = 0; i < 4; i++)
                {
                    sum += Half(x) / (1 + MathF.Exp(-x));
                }

                return sum / 2;
            }
            """);
        Assert.Contains("Swish", output.Displays.Last().Bundle.Data["text/plain"]);
        Assert.Contains("swish[x] runs it", output.Displays.Last().Bundle.Data["text/plain"]);
        Assert.IsType<ElementwiseKernel>(harness.Session.Variables.Last(variable => variable.Name == "swish").Value);
        Assert.Equal("True", (await harness.Run("((float)(swish[2f] - 2 / (1 + MathF.Exp(-2))) is > -1e-5f and < 1e-5f).ToString()")).ValueText);
    }

    [Fact]
    public async Task A_method_over_an_index_is_launched()
    {
        var output = await harness.Run(
            """
            #!jit --name blurred
            [Kernel]
            static void Blur(Index2 i, View2<float> x, View2<float> y, float weight)
            {
                var (row, column) = i;
                if (row == 0 || column == 0 || row == x.GetLength(0) - 1 || column == x.GetLength(1) - 1)
                {
                    y[row, column] = x[row, column];
                    return;
                }

                var sum = 0f;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        sum += x[row + dy, column + dx];
                    }
                }

                y[row, column] = weight * sum;
            }
            """);
        Assert.Contains("blurred.Launch((height, width), x, y, weight) runs it", output.Displays.Last().Bundle.Data["text/html"]);
        Assert.IsType<GridKernel>(harness.Session.Variables.Last(variable => variable.Name == "blurred").Value);
        Assert.Equal("9", (await harness.Run(
            "var image = Tensor.Ones((40, 50)); var result = Tensor.Zeros((40, 50)); blurred.Launch((40, 50), image, result, 1f); (float)result[7, 8]")).ValueText);
    }

    [Fact]
    public async Task Captured_variables_are_read_at_each_launch()
    {
        await harness.Run("var data = new float[] { 1, 2, 3 }; var scale = 2f;");
        await harness.Run("#!jit --name scaled\n(int i, float[] y) => { y[i] = scale * data[i]; }");
        Assert.Equal("246", (await harness.Run("var y = new float[3]; scaled.Launch(3, y); string.Concat(y)")).ValueText);
        Assert.Equal("30", (await harness.Run("scale = 10; scaled.Launch(3, y); y[2]")).ValueText);
    }

    [Fact]
    public async Task What_cannot_be_a_kernel_is_refused_with_the_line_of_the_cell()
    {
        var error = await harness.Fail("#!jit\nstatic float Bad(float x)\n{\n    var text = x.ToString();\n    return text.Length;\n}");
        Assert.Contains("Bad, line 4", error.Message);
        error = await harness.Fail("\n#!jit\nstatic float Bad(float x) => x + y;");
        Assert.Contains("(3,", error.Message);
        error = await harness.Fail("#!jit\n");
        Assert.Contains("no code", error.Message);
        error = await harness.Fail("#!jit\n1 + 2");
        Assert.Contains("no method", error.Message);
        error = await harness.Fail("#!jit\n[Kernel] static void A(int i, float[] x) { }\n[Kernel] static void B(int i, float[] x) { }");
        Assert.Contains("A and B", error.Message);
    }
}
