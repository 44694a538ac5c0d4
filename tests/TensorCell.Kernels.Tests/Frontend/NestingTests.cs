using Microsoft.CodeAnalysis;
using TensorCell.Kernels.Tests.Fuzz;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Code that goes too deep for recursion is refused: what overflows a stack ends the process.</summary>
public sealed class NestingTests
{
    [Theory]
    [InlineData(16 << 20, "nested more than 1000 deep")]
    [InlineData(512 << 10, "this thread's stack")]
    public void Branches_that_go_too_deep_are_refused(int stackBytes, string reason)
    {
        var returns = Enumerable.Range(0, 1500).Select(i => $"if (y[i] == {i}) {{ y[i] = {i + 1}; return; }}");
        var source = $"public static class Deep {{ public static void Kernel(int i, float[] y) {{ {string.Join('\n', returns)} }} }}";
        using var assembly = FuzzAssembly.Compile(source, OptimizationLevel.Release, out var errors);
        Assert.Equal("", errors);
        Exception? found = null;
        var thread = new Thread(
            () => found = Record.Exception(() => GridKernel.Compile(assembly!.Assembly.GetType("Deep")!.GetMethod("Kernel")!)), stackBytes);
        thread.Start();
        thread.Join();
        Assert.Contains(reason, Assert.IsType<KernelRefusedException>(found).Message);
    }
}
