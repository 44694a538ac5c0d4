using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

public sealed class TrainerTests
{
    [Fact]
    public async Task ItLearnsToTellSpiralsApart()
    {
        (Tensor inputs, Tensor labels) = Samples.Spirals(400, classes: 3);
        (Tensor unseen, Tensor truth) = Samples.Spirals(200, classes: 3, seed: 9);
        Sequential model = Samples.Classifier(classes: 3);
        Trainer trainer = new(model, new DataLoader(inputs, labels, 64, seed: 1), Loss.CrossEntropy, new Adam(model.Parameters(), 0.01))
        {
            Validation = new DataLoader(unseen, truth, 200, shuffle: false),
        };
        TrainingRun run = await trainer.Fit(40, TestContext.Current.CancellationToken);
        Evaluation last = run.Evaluations[^1].Result;

        Assert.Equal(40, run.Evaluations.Count);
        Assert.InRange(last.Accuracy!.Value, 0.98, 1);
        Assert.Equal(40 * 19, run.StepCount);
        Assert.True(run.Points[^1].Loss < 0.1, run.ToString());
        Assert.True(model.IsTraining);
    }

    [Fact]
    public async Task ItLearnsARegression()
    {
        Tensor x = Tensor.Random(1).Normal((500, 3));
        Tensor y = (x.MatMul(Tensor.From(new float[,] { { 2 }, { -1 }, { 0.5f } })) + 3).Realize();
        Linear model = new(3, 1, seed: 1);
        Trainer trainer = new(model, new DataLoader(x, y, 50), Loss.MeanSquaredError, new SGD(model.Parameters(), 0.1, momentum: 0.9));
        await trainer.Fit(50, TestContext.Current.CancellationToken);
        Assert.Equal([2.0, -1, 0.5], model.Weight.Detach().ToArray<float>().Select(weight => Math.Round(weight, 3)));
        Assert.Equal(3, (double)model.Bias!, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task WhatIsInterruptedGoesOnExactly(int stepsBetween)
    {
        CancellationToken none = TestContext.Current.CancellationToken;
        Trainer straight = Samples.Trainer();
        await straight.Fit(3, none);
        Trainer broken = Samples.Trainer();
        List<TrainingStep> steps = [];
        while (broken.Epoch < 3)
        {
            int count = 0;
            using CancellationTokenSource source = new();
            try
            {
                await foreach (TrainingStep step in broken.Run(3, source.Token))
                {
                    steps.Add(step);
                    if (++count == stepsBetween)
                    {
                        await source.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(stepsBetween, count);
            }
        }

        Assert.Equal(Samples.Numbers(straight.Model), Samples.Numbers(broken.Model));
        Assert.Equal(Enumerable.Range(1, 21).Select(number => (long)number), steps.Select(step => step.Step));
        Assert.Equal(Enumerable.Range(0, 21).Select(number => (number / 7, number % 7)), steps.Select(step => (step.Epoch, step.Batch)));
        Assert.Equal(straight.History.Points.Select(point => point.Loss), broken.History.Points.Select(point => point.Loss));
    }

    [Fact]
    public async Task LeavingTheStreamKeepsThePlace()
    {
        Trainer trainer = Samples.Trainer();
        await foreach (TrainingStep step in trainer.Run(2, TestContext.Current.CancellationToken))
        {
            if (step.Step == 3)
            {
                break;
            }
        }

        Assert.Equal((0, 3, 3L, false), (trainer.Epoch, trainer.NextBatch, trainer.StepCount, trainer.IsRunning));
        await trainer.Fit(2, TestContext.Current.CancellationToken);
        Assert.Equal((2, 0, 14L), (trainer.Epoch, trainer.NextBatch, trainer.StepCount));
        await trainer.Fit(2, TestContext.Current.CancellationToken);
        Assert.Equal(14, trainer.StepCount);
    }

    [Fact]
    public async Task AnInterruptionWaitsForTheEndOfTheStep()
    {
        using CancellationTokenSource source = new();
        Trainer straight = Samples.Trainer();
        await straight.Fit(1, TestContext.Current.CancellationToken);
        int calls = 0;
        Trainer trainer = Samples.Trainer();
        Trainer interrupted = new(
            trainer.Model,
            trainer.Data,
            (prediction, target) =>
            {
                if (++calls == 3)
                {
                    source.Cancel();
                    Interruption.Check();
                }

                return Loss.CrossEntropy(prediction, target);
            },
            trainer.Optimizer);
        using (Interruption.Begin(source.Token))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted.Fit(1, TestContext.Current.CancellationToken));
        }

        Assert.Equal(3, interrupted.StepCount);
        await interrupted.Fit(1, TestContext.Current.CancellationToken);
        Assert.Equal(Samples.Numbers(straight.Model), Samples.Numbers(interrupted.Model));
    }

    [Fact]
    public async Task TwoRunsAtOnceAreRefused()
    {
        Trainer trainer = Samples.Trainer();
        await foreach (TrainingStep step in trainer.Run(1, TestContext.Current.CancellationToken))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => trainer.Fit(1, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task DivergenceKeepsTheLastGoodParameters()
    {
        Trainer trainer = Samples.Trainer(model => new SGD(model.Parameters(), 0.1));
        float[] good = [];
        Trainer poisoned = new(
            trainer.Model,
            trainer.Data,
            (prediction, target) =>
            {
                good = Samples.Numbers(trainer.Model);
                Tensor loss = Loss.CrossEntropy(prediction, target);
                return trainer.Optimizer.StepCount == 4 ? loss * double.NaN : loss;
            },
            trainer.Optimizer);
        DivergenceException error = await Assert.ThrowsAsync<DivergenceException>(() => poisoned.Fit(2, TestContext.Current.CancellationToken));
        Assert.Contains("the loss became NaN at step 5 (epoch 0, batch 4 of 7)", error.Message, StringComparison.Ordinal);
        Assert.Contains("keeps the parameters of step 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(good, Samples.Numbers(poisoned.Model));
        Assert.Equal(4, poisoned.StepCount);
    }

    [Fact]
    public async Task GradientsThatAreNoNumbersAreFoundBeforeTheyDoHarm()
    {
        Linear model = new(2, 1, seed: 1);
        float[] before = Samples.Numbers(model);
        Trainer trainer = new(
            model,
            new DataLoader(Tensor.Zeros((4, 2)), Tensor.Zeros((4, 1)), 2),
            (prediction, _) => ((prediction - model.Bias!).Sqrt() + prediction).Sum(),
            new SGD(model.Parameters()));
        DivergenceException error = await Assert.ThrowsAsync<DivergenceException>(() => trainer.Fit(1, TestContext.Current.CancellationToken));
        Assert.Contains("the gradient of weight is not finite", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Samples.Numbers(model));
    }

    [Fact]
    public async Task GradientsOfTheUsersStayAsTheyAre()
    {
        Trainer trainer = Samples.Trainer();
        Tensor[] parameters = [.. trainer.Model.Parameters()];
        parameters[0].Grad = Tensor.Full(parameters[0].Shape, 3);
        parameters[1].Grad = parameters[1].Detach() * 2;
        float[] expected = parameters[1].Grad!.ToArray<float>();
        parameters[1].Grad = parameters[1].Detach() * 2;
        ((Linear)((Sequential)trainer.Model)[2]).Freeze();
        await trainer.Fit(1, TestContext.Current.CancellationToken);
        Assert.All(parameters[0].Grad!.ToArray<float>(), number => Assert.Equal(3, number));
        Assert.Equal(expected, parameters[1].Grad!.ToArray<float>());
        Assert.All(parameters[2..], parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public async Task ALossWithoutGradientIsRefusedWithTheReason()
    {
        Trainer trainer = Samples.Trainer();
        Trainer constant = new(trainer.Model, trainer.Data, (prediction, _) => prediction.Detach().Mean(), trainer.Optimizer);
        Assert.Contains(
            "nothing that this tensor was computed from requires a gradient",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => constant.Fit(1, TestContext.Current.CancellationToken))).Message,
            StringComparison.Ordinal);
        Linear other = new(2, 1, seed: 1);
        float[] before = Samples.Numbers(other);
        Trainer elsewhere = new(trainer.Model, trainer.Data, trainer.Loss, new SGD(other.Parameters(), 0.1));
        await elsewhere.Fit(1, TestContext.Current.CancellationToken);
        Assert.Equal(before, Samples.Numbers(other));
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public async Task ABatchIsFiniteOrNotInEveryType(DType type)
    {
        double greatest = type switch
        {
            DType.Float16 => (double)Half.MaxValue,
            DType.BFloat16 => 3.3895313892515355e38,
            DType.Float32 => float.MaxValue,
            _ => double.MaxValue,
        };
        foreach (double number in (double[])[greatest, -greatest, 0, 2 * greatest, double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            double[] row = Enumerable.Repeat(1.0, 39).ToArray();
            row[^2] = number;
            Tensor inputs = Tensor.From(row).To(type).Reshape(1, 39);
            Trainer trainer = new(
                new Linear(39, 1), new DataLoader(inputs, Tensor.Zeros((1, 1)), 1), (prediction, _) => prediction.Sum() * double.NaN, new SGD([Tensor.Ones(1)]));
            trainer.Model.To(type);
            DivergenceException error = await Assert.ThrowsAsync<DivergenceException>(() => trainer.Fit(1, TestContext.Current.CancellationToken));
            Assert.Equal(!(Math.Abs(number) <= greatest), error.Message.Contains("holds NaN or infinite", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task ErrorsSayWhatIsWrongWithTheData()
    {
        Linear model = new(2, 3);
        Trainer wrongLabels = new(
            model, new DataLoader(Tensor.Zeros((4, 2)), Tensor.From([0L, 3, 1, 2]), 4), Loss.CrossEntropy, new SGD(model.Parameters()));
        Assert.Contains(
            "labels from 0 to 3, and the model knows the classes 0 to 2",
            (await Assert.ThrowsAsync<DivergenceException>(() => wrongLabels.Fit(1, TestContext.Current.CancellationToken))).Message,
            StringComparison.Ordinal);
        Trainer wrongInputs = new(
            model, new DataLoader(Tensor.Full((4, 2), double.NaN), Tensor.From([0L, 1, 1, 2]), 4), Loss.CrossEntropy, new SGD(model.Parameters()));
        Assert.Contains(
            "holds NaN",
            (await Assert.ThrowsAsync<DivergenceException>(() => wrongInputs.Fit(1, TestContext.Current.CancellationToken))).Message,
            StringComparison.Ordinal);
        Trainer noScalar = new(model, new DataLoader(Tensor.Zeros((4, 2)), Tensor.Zeros((4, 3)), 4), (p, t) => p - t, new SGD(model.Parameters()));
        Assert.Contains(
            "the loss has shape [4, 3]",
            (await Assert.ThrowsAsync<ArgumentException>(() => noScalar.Fit(1, TestContext.Current.CancellationToken))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClippingAndSchedulesActOnTheStep()
    {
        Linear model = new(2, 1, seed: 1);
        float[] before = Samples.Numbers(model);
        Trainer trainer = new(
            model, new DataLoader(Tensor.Ones((4, 2)), Tensor.Zeros((4, 1)), 4), (p, t) => (p * 100).Sum(), new SGD(model.Parameters()))
        {
            ClipGradientNorm = 2,
            Schedule = step => 0.5 / step,
        };
        List<TrainingStep> steps = [];
        await foreach (TrainingStep step in trainer.Run(2, TestContext.Current.CancellationToken))
        {
            steps.Add(step);
            double moved = Math.Sqrt(Samples.Numbers(model).Zip(before).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
            Assert.Equal(2 * step.LearningRate, moved, 1e-4);
            before = Samples.Numbers(model);
        }

        Assert.Equal([0.5, 0.25], steps.Select(step => step.LearningRate));
        Assert.All(steps, step => Assert.Equal(400 * Math.Sqrt(3), step.GradientNorm, 1e-3));
    }

    [Fact]
    public async Task EvaluationIsThatOfTheWholeSet()
    {
        (Tensor inputs, Tensor labels) = Samples.Spirals(50);
        Trainer trainer = Samples.Trainer();
        Evaluation parts = await trainer.Evaluate(new DataLoader(inputs, labels, 30), TestContext.Current.CancellationToken);
        Tensor logits = trainer.Model[inputs].Detach();
        Assert.Equal(Loss.CrossEntropy(logits, labels).ToDouble(), parts.Loss, 1e-5);
        Assert.Equal(Metrics.Accuracy(logits, labels).ToDouble(), parts.Accuracy!.Value, 1e-9);
        Assert.Equal(100, parts.RowCount);
    }

    [Fact]
    public void EveryStepIsTheSameKernels()
    {
        (Tensor inputs, Tensor labels) = Samples.Spirals(64);
        Sequential model = Samples.Classifier();
        Adam adam = new(model.Parameters(), weightDecay: 0.01);
        List<string> steps = [];
        for (int step = 0; step < 60; step++)
        {
            using Trace trace = new();
            using TensorScope scope = Tensor.Scope(endsPending: true);
            Tensor loss = Loss.CrossEntropy(model[inputs], labels);
            loss.Backward();
            adam.Step();
            model.ZeroGrad();
            _ = loss.ToDouble();
            steps.Add(string.Join('\n', trace.Kernels.Select(kernel => kernel.Name)));
            Assert.True(step == 0 || trace.Compiled.Count == 0, $"step {step} compiles");
        }

        Assert.Single(steps.Distinct());
    }

    [Fact]
    public void LongRunsAreTakenTogether()
    {
        TrainingRun run = new();
        for (int step = 1; step <= 100_000; step++)
        {
            run.Add(new TrainingStep(step, 0, 0, step, 1, 0.1, 10, TimeSpan.FromSeconds(1), TimeSpan.Zero));
        }

        IReadOnlyList<TrainingPoint> points = run.Points;
        Assert.InRange(points.Count, TrainingRun.Capacity / 4, TrainingRun.Capacity);
        Assert.Equal(100_000, points.Sum(point => point.StepCount));
        Assert.Equal(Enumerable.Range(1, 100_000).Average(), points.Sum(point => point.Loss * point.StepCount) / 100_000, 1e-6);
        Assert.All(points, point => Assert.Equal(point.MiddleStep, point.Loss, 1e-9));
        Assert.Equal(10, run.ExamplesPerSecond, 1e-9);
    }
}
