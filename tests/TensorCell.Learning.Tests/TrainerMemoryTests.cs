using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

/// <summary>Tests that look at the memory of the whole process, and so run alone.</summary>
[CollectionDefinition(nameof(TrainerMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrainerMemoryTests))]
public sealed class TrainerMemoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ThousandsOfStepsTakeNoMoreMemoryThanSome(bool isAdam)
    {
        Sequential model = [new Linear(64, 256, seed: 1), new Relu(), new Linear(256, 256, seed: 2), new Gelu(), new Linear(256, 10, seed: 3)];
        DataLoader loader = new(Tensor.Random(1).Normal((2048, 64)), Tensor.Random(2).Integers(2048, 0, 10), 64);
        Trainer trainer = new(
            model, loader, Loss.CrossEntropy, isAdam ? new Adam(model.Parameters()) : new SGD(model.Parameters(), 0.01, momentum: 0.9, weightDecay: 0.001));
        await trainer.Fit(4, TestContext.Current.CancellationToken);
        long before = CpuBuffer.BytesInUse;
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        CpuBuffer.ResetPeak();
        await trainer.Fit(64, TestContext.Current.CancellationToken);

        Assert.Equal(2048, trainer.StepCount);
        Assert.InRange(CpuBuffer.BytesInUse - before, long.MinValue, 1 << 20);
        Assert.InRange(CpuBuffer.PeakBytesInUse - before, long.MinValue, 8 << 20);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 4 << 20);
    }
}
