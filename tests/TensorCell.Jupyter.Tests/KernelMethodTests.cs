namespace TensorCell.Jupyter.Tests;

/// <summary>Methods of one cell as kernels in another.</summary>
public sealed class KernelMethodTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Theory]
    [InlineData("static float F(float x) => 2 * x;", "(float)Kernel.Elementwise(F)[21f]", "42")]
    [InlineData("static double F(double x, double y) { var s = 0.0; for (var i = 0; i < 3; i++) s += x * y; return s; }", "(double)Kernel.Elementwise(F)[2.0, 7.0]", "42")]
    [InlineData("int F(int x, int y, int z) => x * y + z;", "(int)Kernel.Elementwise(F)[5, 8, 2]", "42")]
    [InlineData("static float F(float x) => 2 * x;", "(float)Kernel.Elementwise((float x) => F(x) + 2)[20f]", "42")]
    [InlineData(
        "[Kernel] static void F(int i, float[] x, float[] y) { y[i] = x[i] + 1; }",
        "var y = new float[1]; GridKernel.Compile((int i, float[] x, float[] y) => F(i, x, y)).Launch(1, new[] { 41f }, y); y[0]",
        "42")]
    public async Task A_method_of_an_earlier_cell_is_a_kernel(string declaration, string use, string wanted)
    {
        await harness.Run(declaration);
        Assert.Equal(wanted, (await harness.Run(use)).ValueText);
    }
}
