using System.Net;
using TensorCell.Data;
using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests;

public sealed class TrainingFormattingTests
{
    [Fact]
    public void A_module_shows_its_layers_their_shapes_and_sizes()
    {
        Sequential model = [new Linear(784, 512), new Relu(), new Linear(512, 10, bias: false)];
        var bundle = MimeBundles.Of(model);
        Assert.Contains("Sequential", bundle.Data["text/html"]);
        Assert.Contains("407,040 parameters", bundle.Data["text/html"]);
        Assert.Contains("Linear(784 → 512)", WebUtility.HtmlDecode(bundle.Data["text/html"]));
        Assert.DoesNotContain("output", bundle.Data["text/html"]);
        Assert.Equal(model.Summary().ToString(), bundle.Data["text/plain"]);
        _ = model[Tensor.Zeros((3, 784))];
        Assert.Contains("[3, 512]", Html(model));
        Assert.Contains("[7, 10]", Html(model.Summary((7, 784))));
        model[0].Freeze();
        Assert.Contains("5,120 of them trained", Html(model));
    }

    [Fact]
    public void A_users_module_is_shown_the_same_way_and_its_text_is_no_markup()
    {
        var html = Html(new Hostile());
        Assert.Contains("inner.0", html);
        Assert.DoesNotContain("<script>alert", html);
        Assert.Contains("&lt;script&gt;", html);
    }

    [Fact]
    public async Task A_training_shows_curves_and_facts_at_every_stage()
    {
        Sequential model = [new Linear(4, 8, seed: 1), new Relu(), new Linear(8, 3, seed: 2)];
        var loader = new DataLoader(Tensor.Random(1).Normal((60, 4)), Tensor.Random(2).Integers(60, 0, 3), 16);
        var trainer = new Trainer(model, loader, Loss.CrossEntropy, new SGD(model.Parameters(), 0.1)) { Validation = loader };
        Assert.Contains("not begun", Html(trainer));
        Assert.Contains("training run", Html(trainer.History));
        await foreach (var step in trainer.Run(3, TestContext.Current.CancellationToken))
        {
            Assert.Contains($"{step.Step} steps", Html(trainer));
        }

        var html = Html(trainer);
        Assert.Equal(2, html.Split("data:image/svg+xml").Length - 1);
        Assert.Contains("validation", html);
        var text = MimeBundles.Of(trainer).Data["text/plain"];
        Assert.Contains("Sequential by SGD", text);
        Assert.Contains("epochs: 3 complete", text);
        Assert.Contains("60 rows, 4 batches of 16", text);
        Assert.Contains("examples/s", MimeBundles.Of(trainer.History).Data["text/plain"]);
    }

    private static string Html(object value) => MimeBundles.Of(value).Data["text/html"];

    private sealed class Hostile : Module
    {
        private readonly Module[] inner = [new Lambda(x => x, "<script>alert(1)</script>"), new Linear(2, 2)];

        public override Tensor Forward(Tensor input) => inner[1][inner[0][input]];
    }
}
