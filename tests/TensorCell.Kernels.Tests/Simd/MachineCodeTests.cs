using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Machine code is that of the loops which run.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class MachineCodeTests
{
    [Fact]
    public void AKernelShowsItsCodeWhetherListenedToBeforeOrNot()
    {
        var before = KernelFunction.From((float x) => (x * 1.75f) + 3.25f);
        Assert.Equal([5f], Launch.Map<float, float>(before, [1]));
        var code = Assert.Single(before.Explain().Code);
        Assert.NotEqual(0, code.Address);
        Assert.InRange(code.Bytes.Length, 16, 4096);
        Assert.Contains(code.Bytes, value => value is 0xC3 or 0xCC);

        // It runs on as what was shown.
        Assert.Equal([5f, 6.75f], Launch.Map<float, float>(before, [1, 2]));

        using var listening = MachineCode.Listen();
        var after = KernelFunction.From((float x) => (x * 1.5f) + 3.125f);
        Launch.Map<float, float>(after, [1]);
        var first = Assert.Single(after.Explain().Code);
        Assert.Equal(first.Address, Assert.Single(after.Explain().Code).Address);
    }

    [Fact]
    public void AFunctionThatNeverRanIsCompiledToBeShown()
    {
        var function = KernelFunction.From((double x) => Math.Exp(x) * 1.0625);
        var explanation = function.Explain();
        Assert.Single(explanation.Code);
        Assert.Contains("return", explanation.Ir);
        Assert.NotEmpty(explanation.OptimizedIr);
        Assert.Contains(explanation.Facts, fact => fact.Name == "operations");
    }

    [Fact]
    public void TheLoopsThatALaunchRanAreToldOf()
    {
        var function = KernelFunction.From((float x) => x * 1.03125f);
        IReadOnlyList<(KernelFunction Function, IEmittedLoop Loop)> log = [];
        LaunchLog.Listen(entries =>
        {
            Launch.Map<float, float>(function, [1, 2, 3]);
            log = entries;
        });
        var (found, loop) = Assert.Single(log);
        Assert.Same(function, found);
        Assert.Same(KernelCache.Get(function).Loops.Single(), loop);
        Assert.False(LaunchLog.IsEnabled);
    }
}
