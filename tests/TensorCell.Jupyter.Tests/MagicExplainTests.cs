using TensorCell.Interactive;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Jupyter.Tests;

/// <summary><c>#!explain</c> in a real session.</summary>
public sealed class MagicExplainTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    private T Variable<T>(string name) => Assert.IsType<T>(harness.Session.Variables.Last(variable => variable.Name == name).Value);

    [Fact]
    public async Task A_pending_tensor_is_explained_with_the_code_that_runs()
    {
        await harness.Run("var x = Tensor.Linspace(0, 1, 4096).Realize();");
        var output = await harness.Run("#!explain --name plan\nvar scaled = x * 3f;\n(scaled + 0.5f).Exp().Sum()");
        var step = Assert.Single(Variable<LaunchPlan>("plan").Steps);
        Assert.Equal(["multiply", "add", "exp", "sum"], step.Operations);
        var code = Assert.Single(step.Kernel!.Code);
        Assert.True(DisassembledCode.Of(code).HotLoop is { VectorInstructions: > 5, Spills: 0 });
        var shown = output.Displays.Last().Bundle.Data;
        Assert.Contains("data:image/svg+xml", shown["text/html"]);
        Assert.Contains("vfmadd", shown["text/plain"]);

        // Already compiled, and shown without running anything else than before.
        await harness.Run("#!explain --name again\n(x * 3f + 0.5f).Exp().Sum()");
        Assert.Equal(step.Operations, Assert.Single(Variable<LaunchPlan>("again").Steps).Operations);
        Assert.Equal("True", (await harness.Run("(DisassembledCode.Of(plan.Steps[0].Kernel.Code[0]).Hot.Count() > 5).ToString()")).ValueText);
    }

    [Fact]
    public async Task A_kernel_of_a_cell_is_explained()
    {
        await harness.Run("float scale = 2;\nvar k = Kernel.Elementwise((float v) => v > 0 ? v * scale : MathF.Exp(v));");
        Assert.Contains("select", (await harness.Run("k")).ValueText);
        await harness.Run("#!explain --name e\nk");
        Assert.Equal("lambda", Variable<KernelExplanation>("e").Name);
        Assert.Contains("exp", Variable<KernelExplanation>("e").Ir);
        Assert.NotEmpty(Variable<KernelExplanation>("e").Code);
        Assert.Contains("#!explain: the code returned nothing", (await harness.Fail("#!explain\nvar n = 1;")).Message);
        Assert.Contains("(3,1)", (await harness.Fail("#!explain\n\nundefined + 1")).Message);
    }
}
