using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>Functions declared in cells become kernels, though checks are woven into them.</summary>
public sealed class SessionKernelTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Theory]
    [InlineData("", "(float x) => x > 2 ? x * x : -x")]
    [InlineData("float Bend(float x) { if (x > 2) return x * x; return -x; }", "Bend")]
    [InlineData("float Bend(float x) => x > 2 ? Square(x) : -x; float Square(float x) => x * x;", "(float x) => Bend(x)")]
    public async Task Cell_functions_become_kernels(string declarations, string function)
    {
        await harness.Run($"{declarations} var kernel = Kernel.Elementwise({function});");
        Assert.Equal("-1 -2 9", (await harness.Run(
            "string.Join(\" \", kernel[Tensor.From(new float[] { 1, 2, 3 })].ToArray<float>())")).ValueText);
    }

    [Fact]
    public async Task A_captured_variable_is_read_at_every_launch()
    {
        await harness.Run("float scale = 2; var kernel = Kernel.Elementwise((float x) => x * scale); var input = Tensor.From(new float[] { 1, 2 });");
        Assert.Equal("2 4", (await harness.Run("string.Join(\" \", kernel[input].ToArray<float>())")).ValueText);
        Assert.Equal("3 6", (await harness.Run("scale = 3; string.Join(\" \", kernel[input].ToArray<float>())")).ValueText);
    }

    [Fact]
    public async Task A_refused_function_names_its_line()
    {
        CellError error = await harness.Fail("Kernel.Elementwise((float x) =>\n{\n    var a = new float[2];\n    return a[0] + x;\n})");
        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
    }
}
