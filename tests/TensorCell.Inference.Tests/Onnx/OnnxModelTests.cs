using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Tests.Onnx;

public sealed class OnnxModelTests
{
    public OnnxModelTests() => Needs.OnnxRuntime();

    [Fact]
    public void The_library_is_the_release_that_the_table_of_functions_was_taken_from() => Assert.StartsWith("1.30.", OnnxRuntime.Version, StringComparison.Ordinal);

    [Fact]
    public void The_processor_is_among_the_providers() => Assert.Contains("CPU", OnnxRuntime.Providers);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(0)]
    public void A_model_gives_what_the_same_tensor_operations_give(int batch)
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        Tensor x = Tensor.Random(1).Normal((batch, 8));
        Tensor y = model.Run(x);
        Assert.Equal(Shape.Of(batch, 3), y.Shape);
        Assert.Equal(Models.Reference(x).ToArray<float>(), y.ToArray<float>(), Near);
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) <= 1e-5 * (1 + Math.Abs(expected));
}
