using TensorCell.Data;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    private string FilePath => Path.Combine(folder, "checkpoint.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnotherTrainerGoesOnExactly(bool isAdam)
    {
        Optimizer Make(Module model) => isAdam
            ? new AdamW(model.Parameters(), 0.01)
            : new SGD(model.Parameters(), 0.05, momentum: 0.9, nesterov: true);
        CancellationToken none = TestContext.Current.CancellationToken;
        Trainer straight = Samples.Trainer(Make);
        await straight.Fit(3, none);

        Trainer first = Samples.Trainer(Make);
        await Until(first, step: 10);
        first.Save(FilePath);
        Trainer second = Samples.Trainer(Make).Load(FilePath);
        Assert.Equal((1, 3, 10L), (second.Epoch, second.NextBatch, second.StepCount));
        await second.Fit(3, none);
        Assert.Equal(Samples.Numbers(straight.Model), Samples.Numbers(second.Model));

        Sequential weights = Samples.Classifier(seed: 99);
        weights.Load(FilePath);
        Assert.Equal(Samples.Numbers(first.Model), Samples.Numbers(weights));
    }

    [Fact]
    public async Task ALearningRateSetByHandIsKept()
    {
        const double lowered = 0.1 / 3;
        CancellationToken none = TestContext.Current.CancellationToken;
        static Optimizer Make(Module model) => new SGD(model.Parameters(), 0.5, momentum: 0.9);
        Trainer straight = Samples.Trainer(Make);
        await straight.Fit(1, none);
        straight.Optimizer.LearningRate = lowered;
        straight.Save(FilePath);
        Trainer resumed = Samples.Trainer(Make).Load(FilePath);
        Assert.Equal(lowered, resumed.Optimizer.LearningRate);
        await straight.Fit(2, none);
        await resumed.Fit(2, none);
        Assert.Equal(Samples.Numbers(straight.Model), Samples.Numbers(resumed.Model));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fast")]
    [InlineData("-1")]
    [InlineData("NaN")]
    public async Task ACheckpointHasAGoodLearningRateOrNone(string? noted)
    {
        Trainer trainer = Samples.Trainer();
        await Until(trainer, step: 2);
        trainer.Save(FilePath);
        Dictionary<string, string> notes = new(SafeTensors.ReadHeader(FilePath).Metadata);
        Assert.True(notes.Remove("learningRate"));
        if (noted is not null)
        {
            notes.Add("learningRate", noted);
        }

        SafeTensors.Save(FilePath, SafeTensors.Load(FilePath), notes);
        Trainer other = Samples.Trainer(model => new Adam(model.Parameters(), 0.25));
        float[] before = Samples.Numbers(other.Model);
        if (noted is null)
        {
            Assert.Equal(2, other.Load(FilePath).StepCount);
        }
        else
        {
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => other.Load(FilePath));
            Assert.Contains($"its learning rate is \"{noted}\"", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, Samples.Numbers(other.Model));
        }

        Assert.Equal(0.25, other.Optimizer.LearningRate);
    }

    [Fact]
    public async Task ATrainerTakesOverFromAnotherOfTheSameModel()
    {
        CancellationToken none = TestContext.Current.CancellationToken;
        Trainer straight = Samples.Trainer();
        await straight.Fit(2, none);
        Trainer first = Samples.Trainer();
        await Until(first, step: 4);
        Trainer second = new(first.Model, first.Data, first.Loss, new Adam(first.Model.Parameters(), 0.01));
        Assert.True(second.TryGoOnFrom(first));
        await second.Fit(2, none);
        Assert.Equal(Samples.Numbers(straight.Model), Samples.Numbers(second.Model));
        Assert.Equal(14, second.History.Points.Count);

        Assert.False(new Trainer(first.Model, first.Data, first.Loss, new SGD(first.Model.Parameters())).TryGoOnFrom(first));
        Assert.False(Samples.Trainer().TryGoOnFrom(first));
        Assert.False(new Trainer(first.Model, Samples.Trainer(batchSize: 16).Data, first.Loss, new Adam(first.Model.Parameters())).TryGoOnFrom(first));
    }

    [Fact]
    public async Task WhatDoesNotFitIsRefusedAndChangesNothing()
    {
        Trainer trainer = Samples.Trainer();
        await Until(trainer, step: 2);
        trainer.Save(FilePath);
        (Func<Trainer> Make, string Reason)[] cases =
        [
            (() => Samples.Trainer(model => new SGD(model.Parameters())), "made by Adam"),
            (() => Samples.Trainer(batchSize: 50), "batches of 32"),
            (() => Of(Samples.Classifier(classes: 3), trainer.Data), "trainer"),
            (() => Of(new Sequential([.. Samples.Classifier(), new Linear(2, 2)]), trainer.Data), "trainer"),
        ];
        foreach ((Func<Trainer> make, string reason) in cases)
        {
            Trainer other = make();
            float[] before = Samples.Numbers(other.Model);
            ArgumentException error = Assert.Throws<ArgumentException>(() => other.Load(FilePath));
            Assert.True(reason == "trainer" || error.Message.Contains(reason, StringComparison.Ordinal), error.Message);
            Assert.Equal(before, Samples.Numbers(other.Model));
            Assert.Equal(0, other.StepCount);
        }

        trainer.Model.Save(FilePath);
        Assert.Contains("no checkpoint", Assert.Throws<InvalidDataException>(() => trainer.Load(FilePath)).Message, StringComparison.Ordinal);
    }

    private static Trainer Of(Module model, DataLoader data) => new(model, data, Loss.CrossEntropy, new Adam(model.Parameters(), 0.01));

    private static async Task Until(Trainer trainer, long step)
    {
        await foreach (TrainingStep made in trainer.Run(100, TestContext.Current.CancellationToken))
        {
            if (made.Step == step)
            {
                return;
            }
        }
    }
}
