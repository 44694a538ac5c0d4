using TensorCell.Data;
using TensorCell.Interactive.Magics;
using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests.Magics;

public sealed class TrainMagicTests : IDisposable
{
    private readonly TestNotebook notebook = new();
    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;
    private readonly Sequential model = [new Linear(4, 8, seed: 1), new Relu(), new Linear(8, 3, seed: 2)];
    private readonly DataLoader loader = new(Tensor.Random(1).Normal((60, 4)), Tensor.Random(2).Integers(60, 0, 3), 16);

    private string Checkpoint => Path.Combine(folder, "checkpoint.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_trainer_is_run_shown_in_place_and_kept()
    {
        var trainer = Trainer();
        await Run("--epochs 3 --name mine", () => trainer);
        Assert.Same(trainer, notebook["mine"]);
        Assert.Equal((3, 12L), (trainer.Epoch, trainer.StepCount));
        var shown = Assert.IsType<MimeBundle>(Assert.Single(notebook.Displays));
        Assert.Contains("data:image/svg+xml", shown.Data["text/html"]);
        Assert.StartsWith("Sequential by SGD", shown.Data["text/plain"]);
        Assert.Contains("epochs: 3 complete", notebook.LastText);
    }

    [Fact]
    public async Task Running_it_again_trains_on_only_if_more_epochs_are_wanted()
    {
        var trainer = Trainer();
        await Run("--epochs 2", () => trainer);
        await Run("--epochs 2", () => trainer);
        Assert.Equal(8, trainer.StepCount);
        Assert.Contains("2 epochs are complete already; --epochs 4 trains on", notebook.LastText);
        await Run("--epochs 3", () => trainer);
        Assert.Equal(12, trainer.StepCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_interrupted_goes_on_when_the_cell_is_run_again(bool isSameTrainer)
    {
        var straight = Trainer();
        await straight.Fit(3, TestContext.Current.CancellationToken);
        var expected = Numbers();
        model.LoadState(new Sequential(new Linear(4, 8, seed: 1), new Relu(), new Linear(8, 3, seed: 2)).StateDictionary());

        var first = Trainer(interruptAt: 6);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("--epochs 3", () => first));
        Assert.Contains("interrupted after batch 2 of 4 of epoch 2 of 3", notebook.LastText);
        Assert.Contains("data:image/svg+xml", ((MimeBundle)notebook.Displays[^1]!).Data["text/html"]);

        var again = new TestNotebook();
        again.SetVariable("trainer", notebook["trainer"]);
        var second = isSameTrainer ? first : Trainer();
        await Run("--epochs 3", () => second, again);
        Assert.Contains("went on from step 6", again.LastText);
        Assert.Equal(12, second.StepCount);
        Assert.Equal(expected, Numbers());
    }

    [Fact]
    public async Task Restarting_leaves_the_interrupted_run_behind()
    {
        var first = Trainer(interruptAt: 6);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("--epochs 3", () => first));
        var again = new TestNotebook();
        again.SetVariable("trainer", first);
        var second = Trainer();
        await Run("--epochs 3 --restart", () => second, again);
        Assert.Equal(12, second.History.Points.Count);
        Assert.DoesNotContain("went on", again.LastText);
    }

    [Fact]
    public async Task A_checkpoint_is_written_and_gone_on_from()
    {
        var first = Trainer(interruptAt: 7);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run($"--epochs 3 --checkpoint \"{Checkpoint}\" --every 2", () => first));
        Assert.Contains("checkpoint: ", notebook.LastText);
        var numbers = Numbers();

        var again = new TestNotebook();
        var second = Trainer();
        model.LoadState(new Sequential(new Linear(4, 8, seed: 9), new Relu(), new Linear(8, 3, seed: 9)).StateDictionary());
        Assert.NotEqual(numbers, Numbers());
        var third = Trainer();
        third.Load(Checkpoint);
        Assert.Equal(numbers, Numbers());
        await Run($"--epochs 3 --checkpoint \"{Checkpoint}\" --resume", () => second, again);
        Assert.Contains("went on from step 7, of ", again.LastText);
        Assert.Equal(12, second.StepCount);
        Assert.Equal(12, Trainer().Load(Checkpoint).StepCount);
    }

    [Fact]
    public async Task A_failure_shows_the_steps_until_then()
    {
        var trainer = Trainer(lossAt: (step, loss) => step == 5 ? loss * double.NaN : loss);
        var error = await Assert.ThrowsAsync<MagicException>(() => Run("--epochs 3", () => trainer));
        Assert.Contains("#!train: training: the loss became NaN at step 5", error.Message);
        Assert.Contains("failed; these are the steps until then", notebook.LastText);
        var broken = Trainer(lossAt: (step, loss) => step == 2 ? throw new InvalidTimeZoneException("mine") : loss);
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Run("--epochs 3", () => broken))).Message);
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_stops_the_training_and_loses_nothing()
    {
        var first = Trainer();
        var error = await Assert.ThrowsAsync<MagicException>(() => Run($"--epochs 3 --every 2 --checkpoint \"{folder}\"", () => first));
        Assert.Contains($"#!train --checkpoint {folder}: ", error.Message);
        Assert.Contains("the checkpoint was not written; the model keeps what it learned", notebook.LastText);
        Assert.Equal(2, first.StepCount);

        var again = new TestNotebook();
        again.SetVariable("trainer", notebook["trainer"]);
        await Run($"--epochs 3 --checkpoint \"{Checkpoint}\"", () => Trainer(), again);
        Assert.Contains("went on from step 2", again.LastText);
    }

    [Fact]
    public async Task An_evaluation_missed_by_an_interruption_is_made_up_for()
    {
        var trainer = Trainer(interruptAt: 20, validation: loader);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("--epochs 3", () => trainer));
        Assert.Contains("interrupted after the last step; running the cell again evaluates the model", notebook.LastText);
        Assert.Equal(2, trainer.History.Evaluations.Count);

        await Run("--epochs 3", () => trainer, new TestNotebook());
        Assert.Equal((12L, 3), (trainer.StepCount, trainer.History.Evaluations.Count));
        var last = new TestNotebook();
        await Run("--epochs 3", () => trainer, last);
        Assert.Contains("3 epochs are complete already", last.LastText);
    }

    [Fact]
    public async Task A_trainer_that_has_begun_cannot_begin_anew()
    {
        var trainer = Trainer();
        await Run("--epochs 1", () => trainer);
        Assert.Contains("has made 4 steps", (await Assert.ThrowsAsync<MagicException>(() => Run("--epochs 2 --restart", () => trainer))).Message);
    }

    [Theory]
    [InlineData("--epochs 0", "at least one epoch")]
    [InlineData("--restart --resume --checkpoint x", "Give one of them")]
    [InlineData("--checkpoint nowhere/x", "there is no folder")]
    [InlineData("--every 3", "Give --checkpoint")]
    [InlineData("--resume", "Give --checkpoint")]
    [InlineData("--every 0 --checkpoint x", "--every 500")]
    [InlineData("--name 2x", "not a variable's name")]
    [InlineData("--epoch 3", "--epochs")]
    public async Task Options_that_cannot_be_are_explained(string options, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<MagicException>(() => Run(options, () => Trainer()))).Message);

    [Fact]
    public async Task A_cell_that_returns_something_else_is_told_so()
    {
        Assert.Contains("a model, Sequential", (await Assert.ThrowsAsync<MagicException>(() => Run("", () => model))).Message);
        Assert.Contains("returned nothing", (await Assert.ThrowsAsync<MagicException>(() => Run("", () => null))).Message);
        var error = await Assert.ThrowsAsync<MagicException>(() => Run("", () => 3));
        Assert.Contains("returned int, which is no Trainer; end it with: new Trainer(", error.Message);
        Assert.Empty(notebook.Displays);
        Assert.Contains("no code below it", (await Assert.ThrowsAsync<MagicException>(() => Run("", () => 3, code: " "))).Message);
    }

    private Trainer Trainer(int interruptAt = 0, Func<int, Tensor, Tensor>? lossAt = null, DataLoader? validation = null)
    {
        var step = 0;
        return new Trainer(
            model,
            loader,
            (prediction, target) =>
            {
                if (++step == interruptAt)
                {
                    notebook.Interruption.Cancel();
                }

                var loss = Loss.CrossEntropy(prediction, target);
                return lossAt?.Invoke(step, loss) ?? loss;
            },
            new SGD(model.Parameters(), 0.1, momentum: 0.9))
        {
            Validation = validation,
        };
    }

    private float[] Numbers() => [.. model.Parameters().SelectMany(parameter => parameter.Detach().ToArray<float>())];

    private async Task Run(string options, Func<object?> value, TestNotebook? where = null, string code = "code")
    {
        where ??= notebook;
        where.Code["code"] = value;
        var segments = CellSplitter.Split($"#!train {options}\n{code}", MagicRegistry.Default);
        MagicRegistry.Default.Check(segments);
        await MagicRegistry.Default.RunAsync((MagicSegment)segments[0], where);
    }
}
