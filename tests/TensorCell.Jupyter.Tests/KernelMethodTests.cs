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

    [Theory]
    [InlineData("GridKernel.Compile(F)")]
    [InlineData("Kernel.Operation(F)")]
    [InlineData("Delegate f = F;")]
    public async Task Where_the_compiler_knows_no_type_of_a_method_of_an_earlier_cell_the_error_says_what_to_write(string use)
    {
        await harness.Run("[Kernel] static void F(int i, View<float> x, float[,] y) { y[0, i] = x[i] + 1; }");
        const string lambda = "(int i, View<float> x, float[,] y) => F(i, x, y)";
        Assert.EndsWith("a method of an earlier cell takes a lambda around it: " + lambda, (await harness.Fail(use)).Message);
        await harness.Run(use.Replace("(F)", $"({lambda})").Replace("= F", $"= {lambda}"));
    }

    [Fact]
    public async Task Other_methods_are_not_spoken_of()
    {
        await harness.Run("static void F(int i) { }");
        Assert.DoesNotContain("lambda", (await harness.Fail("Math.Sqrt(F)")).Message);
        Assert.DoesNotContain("lambda", (await harness.Fail("static void G(int i) { }\nMath.Sqrt(Console.WriteLine)")).Message);
    }
}
