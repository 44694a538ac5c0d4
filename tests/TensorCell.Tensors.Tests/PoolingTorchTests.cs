using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Poolings and their gradients beside PyTorch's own answers, with ties and NaNs among the elements.</summary>
public sealed class PoolingTorchTests
{
    [Fact]
    public void AnswersAsPyTorchDoes()
    {
        NumPy.RequireTorch();
        Samples samples = new(29);
        List<(NumPyCase Case, Tensor[] Results)> asked = [];
        for (int trial = 0; trial < 40; trial++)
        {
            Windows one = Windows.Random(samples.Random, trial < 30 ? 12 : 50);
            DType type = trial % 2 == 0 ? DType.Float32 : DType.Float64;
            double[] numbers = samples.Tensor([2, 3, one.Input.Height, one.Input.Width], DType.Int32, -20, 20).Numbers;

            // Of several NaNs in a window PyTorch gives the gradient to the last.
            numbers[samples.Random.Next(numbers.Length)] = trial % 3 == 0 ? double.NaN : 0;
            Tensor x = Tensor.From(numbers, (2, 3, one.Input.Height, one.Input.Width)).To(type).Detach();
            Tensor gradient = samples.Tensor([2, 3, one.Output.Height, one.Output.Width], DType.Int32, -9, 9).Tensor.To(type).Realize();
            asked.Add(Case(one, x, gradient, isMax: true, countsPadding: true));
            asked.Add(Case(one, x, gradient, isMax: false, trial % 4 < 2));
        }

        foreach ((NumPyAnswer answer, (NumPyCase one, Tensor[] results)) in NumPy.Evaluate(asked.Select(one => one.Case)).Zip(asked))
        {
            Assert.True(answer.Error is null, answer.Error);
            answer.Arrays[0].AssertEqual(results[0], 1e-5, one.Code);
            answer.Arrays[1].AssertEqual(results[1], 1e-5, one.Code);
        }
    }

    private static (NumPyCase Case, Tensor[] Results) Case(Windows one, Tensor x, Tensor gradient, bool isMax, bool countsPadding)
    {
        static string Text(Size2 size) => $"({size.Height}, {size.Width})";
        string arguments = $"{Text(one.Kernel)}, {Text(one.Stride)}, {Text(one.Padding)}";
        string function = isMax ? $"max_pool2d(t, {arguments})" : $"avg_pool2d(t, {arguments}, count_include_pad={(countsPadding ? "True" : "False")})";
        string code = $"t = torch.from_numpy(x).requires_grad_()\ny = torch.nn.functional.{function}\n"
            + "y.backward(torch.from_numpy(g))\n(y.detach().numpy(), t.grad.numpy())";
        x.RequiresGrad = true;
        Tensor result = isMax ? x.MaxPool2D(one.Kernel, one.Stride, one.Padding) : x.AvgPool2D(one.Kernel, one.Stride, one.Padding, countsPadding);
        result.Backward(gradient);
        Tensor found = x.Grad!;
        x.Grad = null;
        return (NumPyCase.Of(code, ("x", x), ("g", gradient)), [result, found]);
    }
}
