using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace TensorCell.Tensors.Tests;

public sealed class ScriptKernelTests
{
    [Fact]
    public async Task KernelsOfCellsReadTheCellsVariables()
    {
        ScriptOptions options = ScriptOptions.Default
            .WithReferences(typeof(Tensor).Assembly, typeof(Kernels.DType).Assembly)
            .WithImports("System", "TensorCell.Tensors", "TensorCell.Kernels")
            .WithOptimizationLevel(OptimizationLevel.Release);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ScriptState<object> state = await CSharpScript.RunAsync(
            "float slope = 0.5f; float Leak(float x) => x > 0 ? x : slope * x;", options, cancellationToken: cancellation);
        state = await state.ContinueWithAsync(
            "var leaky = Kernel.Elementwise((float x) => Leak(x) + 1); var x = Tensor.From([1f, -2f]);", cancellationToken: cancellation);
        state = await state.ContinueWithAsync("leaky.Apply(x).ToArray<float>()", cancellationToken: cancellation);
        Assert.Equal([2f, 0], (float[])state.ReturnValue);
        state = await state.ContinueWithAsync("slope = 2; leaky[x * 1].ToArray<float>()", cancellationToken: cancellation);
        Assert.Equal([2f, -3], (float[])state.ReturnValue);
    }
}
