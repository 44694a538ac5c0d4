using TensorCell.Jupyter.Sessions;
using TensorCell.Learning;

namespace TensorCell.Jupyter.Tests;

/// <summary>Models that cells declare, and <c>#!train</c>, in a real session.</summary>
public sealed class MagicTrainTests : IAsyncDisposable
{
    private const string Data = """
        using TensorCell.Tensors; using TensorCell.Learning; using TensorCell.Data;
        var inputs = Tensor.Random(1).Normal((512, 8));
        var labels = Tensor.Random(2).Integers(512, 0, 3);
        var loader = new DataLoader(inputs, labels, 32, seed: 1);
        double rate = 0.01;
        class Net : Module
        {
            private readonly Linear hidden = new(8, 32, seed: 1);
            public List<Module> Rest { get; } = [new Relu(), new Linear(32, 3, seed: 2)];
            public override Tensor Forward(Tensor x)
            {
                x = hidden[x];
                foreach (var layer in Rest) x = layer[x];
                return x;
            }
        }
        var model = new Net();
        """;

    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Fact]
    public async Task A_model_of_a_cell_is_found_trained_and_shown()
    {
        await harness.Run(Data);
        Assert.Equal(
            "hidden.weight hidden.bias rest.1.weight rest.1.bias",
            (await harness.Run("string.Join(' ', model.NamedParameters().Select(named => named.Name))")).ValueText);
        Assert.Contains("Net  ", (await harness.Run("model")).ValueText);
        var output = await harness.Run("#!train --epochs 4\nnew Trainer(model, loader, Loss.CrossEntropy, new Adam(model.Parameters(), rate))");
        Assert.Single(output.Displays);
        Assert.True(output.Updates.Count >= 2);
        Assert.Contains("Net by Adam", output.Updates.Last().Bundle.Data["text/plain"]);
        Assert.Equal("64", (await harness.Run("trainer.StepCount")).ValueText);
        Assert.Equal("(4, 0)", (await harness.Run("(trainer.Epoch, trainer.NextBatch)")).ValueText);
    }

    [Fact]
    public async Task An_interrupted_training_keeps_the_model_and_goes_on()
    {
        const string Cell = """
            #!train --epochs 20000
            new Trainer(model, loader, (p, t) => { if (seen++ == 40) Console.WriteLine("ready"); return Loss.CrossEntropy(p, t); }, new Adam(model.Parameters(), rate))
            """;
        await harness.Run(Data + "\nint seen = 0;");
        (CellOutcome outcome, SessionRecorder output, _) = await harness.Interrupt(Cell);
        Assert.Equal("Interrupted", outcome.Error?.Name);
        Assert.Contains("running the cell again goes on", output.Updates.Last().Bundle.Data["text/plain"]);
        Assert.DoesNotContain("left behind", output.Error);
        Assert.Equal("True", (await harness.Run("(trainer.StepCount >= 40).ToString()")).ValueText);
        await harness.Run("var stopped = trainer.StepCount; var numbers = model.Parameters().Sum(parameter => parameter.Detach().Abs().Sum().ToDouble()); seen = 0;");
        (outcome, output, _) = await harness.Interrupt(Cell);
        Assert.Equal("Interrupted", outcome.Error?.Name);
        Assert.Contains("went on from step", output.Updates.Last().Bundle.Data["text/plain"]);
        Assert.Equal("True", (await harness.Run("(trainer.StepCount >= stopped + 40 && double.IsFinite(numbers)).ToString()")).ValueText);
    }

    [Fact]
    public async Task A_stream_of_steps_can_be_interrupted_and_gone_on_with()
    {
        await harness.Run(Data + "\nvar own = new Trainer(model, loader, Loss.CrossEntropy, new SGD(model.Parameters(), rate));");
        for (int round = 0; round < 5; round++)
        {
            (CellOutcome outcome, SessionRecorder output, _) = await harness.Interrupt(
                "int count = 0; await foreach (var step in own.Run(100000)) if (++count == 20) Console.WriteLine(\"ready\");");
            Assert.Equal("Interrupted", outcome.Error?.Name);
            Assert.DoesNotContain("left behind", output.Error);
            await harness.Run("if (own.StepCount < 20) throw new Exception($\"{own.StepCount} steps\"); if (own.History.StepCount != own.StepCount) throw new Exception(\"torn\");");
        }

        Assert.Contains("Net by SGD", (await harness.Run("own")).ValueText);
    }

    [Fact]
    public async Task A_long_step_is_finished_before_the_interruption_takes_effect()
    {
        await harness.Run(Data + """

            bool torn = false;
            Tensor Slow(Tensor p, Tensor t)
            {
                Console.WriteLine("ready");
                torn = true;
                System.Threading.Thread.Sleep(3000);
                for (int i = 0; i < 1000; i++) torn = true;
                torn = false;
                return Loss.CrossEntropy(p, t);
            }
            var slow = new Trainer(model, loader, Slow, new SGD(model.Parameters(), rate));
            """);
        (CellOutcome outcome, SessionRecorder output, _) = await harness.Interrupt("await slow.Fit(3)");
        Assert.Equal("Interrupted", outcome.Error?.Name);
        Assert.DoesNotContain("left behind", output.Error);
        Assert.Equal("(1, False)", (await harness.Run("(slow.StepCount, torn)")).ValueText, ignoreCase: true);
    }
}
