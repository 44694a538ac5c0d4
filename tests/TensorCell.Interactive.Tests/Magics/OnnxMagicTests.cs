using TensorCell.Inference;
using TensorCell.Interactive.Magics;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests.Magics;

public sealed class OnnxMagicTests : IDisposable
{
    private readonly TestNotebook notebook = new();
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("tensorcell-").FullName, "scale.onnx");

    public OnnxMagicTests()
    {
        Assert.SkipUnless(OnnxRuntime.IsAvailable, "ONNX Runtime's library is not there: the build fetches it with npm");
        OnnxExport.Save(x => x * 2 + Tensor.From([1f, 2, 3]), path, Tensor.Ones((2, 3)), new() { GraphName = "<scale>", Description = "<doubles>" });
    }

    public void Dispose()
    {
        foreach (var model in notebook.Variables.Select(variable => variable.Value).OfType<OnnxModel>())
        {
            model.Dispose();
        }

        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task A_model_is_shown_as_a_card_and_becomes_a_variable()
    {
        await Run("--name scale");
        var model = Assert.IsType<OnnxModel>(notebook["scale"]);
        Assert.Equal([3, 4, 5], model.Run(Tensor.Ones((1, 3))).ToArray<float>());
        var card = MimeBundles.Of(Assert.Single(notebook.Displays)).Data;
        Assert.Contains("input x: f32 [N, 3]", card["text/plain"], StringComparison.Ordinal);
        Assert.Contains("operators: ", card["text/plain"], StringComparison.Ordinal);
        Assert.Contains("&lt;doubles&gt;", card["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<doubles>", card["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", card["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_runs_on_a_variable_and_is_timed()
    {
        notebook.SetVariable("image", Tensor.From([1f, 2, 3]).Reshape((1, 3)));
        await Run("--input x=image --runs 3 --threads 1");
        Assert.Equal(3, notebook.Displays.Count);
        var outputs = (MimeBundle)notebook.Displays[1]!;
        Assert.Contains("x: the variable image, f32 [1, 3]", outputs.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("y = ", outputs.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("9", outputs.Data["text/plain"], StringComparison.Ordinal);
        Assert.Equal(3, Assert.IsType<Benchmark>(notebook.Displays[2]).Samples.Count);
        Assert.Single(notebook.Variables);
    }

    [Fact]
    public async Task Several_threads_are_compared_on_random_inputs_of_given_lengths()
    {
        await Run("--dim N=5 --runs 3 --threads 1 --threads 2");
        Assert.Contains("x: random normal numbers, f32 [5, 3]", ((MimeBundle)notebook.Displays[1]!).Data["text/plain"], StringComparison.Ordinal);
        var comparison = Assert.IsType<Comparison>(notebook.Displays[2]);
        Assert.Equal(["1 thread", "2 threads"], comparison.Sides.Select(side => side.Name));
    }

    [Theory]
    [InlineData("--input y=image", "scale.onnx has no input y; its inputs are x: f32 [N, 3]")]
    [InlineData("--input imag", "did you mean image?")]
    [InlineData("--input number", "number is int; make a tensor of it")]
    [InlineData("--input image", "input \"x\" is f32 [N, 3]; given f64 [1, 3]; use .To(DType.Float32)")]
    [InlineData("--dim M=3", "scale.onnx has no axis M; its open axes are N")]
    [InlineData("--dim N=2000000000", "more than 4 GiB; name a variable: --input x=")]
    [InlineData("--dim N", "expected the symbol of an axis and its length")]
    [InlineData("--provider NPU", "the provider NPU is not in this ONNX Runtime")]
    [InlineData("--threads 0", "expected 1 or more")]
    [InlineData("--name 2x", "no C# name")]
    public async Task What_cannot_be_is_explained(string options, string message)
    {
        notebook.SetVariable("image", Tensor.Ones((1, 3), DType.Float64));
        notebook.SetVariable("number", 3);
        Assert.Contains(message, (await Assert.ThrowsAsync<MagicException>(() => Run(options))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_told()
    {
        await File.WriteAllTextAsync(path, "<html>");
        var error = await Assert.ThrowsAsync<MagicException>(() => Run(""));
        Assert.Contains("#!onnx scale.onnx: no ONNX model but text", error.Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("no such file", (await Assert.ThrowsAsync<MagicException>(() => Run(""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_the_cell_ends_the_loading()
    {
        await notebook.Interruption.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("--name scale"));
        Assert.Contains("interrupted", notebook.LastText, StringComparison.Ordinal);
        Assert.Empty(notebook.Variables);
    }

    private async Task Run(string options)
    {
        var segments = CellSplitter.Split($"#!onnx \"{path}\" {options}", MagicRegistry.Default);
        await MagicRegistry.Default.RunAsync((MagicSegment)segments[0], notebook);
    }
}
