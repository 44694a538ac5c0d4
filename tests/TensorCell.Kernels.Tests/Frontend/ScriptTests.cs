using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Methods and lambdas of cells: instance methods of submission classes whose top-level variables are fields.</summary>
public sealed class ScriptTests
{
    [Theory]
    [InlineData(OptimizationLevel.Debug)]
    [InlineData(OptimizationLevel.Release)]
    public async Task VariablesOfEarlierCellsAreReadAtEachUse(OptimizationLevel level)
    {
        var token = TestContext.Current.CancellationToken;
        var options = ScriptOptions.Default.WithOptimizationLevel(level).AddImports("System");
        var state = await CSharpScript.RunAsync("float scale = 3f; float Twice(float x) => 2 * x;", options, cancellationToken: token);
        state = await state.ContinueWithAsync("float offset = 1f; float Relu(float x) => x > 0 ? x : 0;", options, token);
        state = await state.ContinueWithAsync("Func<float, float> f = x => scale * Twice(x) + Relu(offset - x);", options, token);
        var kernel = KernelFunction.From((Delegate)state.GetVariable("f").Value);
        Assert.Equal((3 * 4f) + 0, Evaluate(kernel, 2f));
        state = await state.ContinueWithAsync("scale = 5f; offset = 10f;", options, token);
        Assert.Equal((5 * 4f) + 8, Evaluate(kernel, 2f));
    }

    private static float Evaluate(KernelFunction kernel, float x) =>
        ScalarEvaluator.Evaluate(kernel.Results, [x], kernel.UniformValues([]))[0].AsSingle;
}
