using System.Globalization;
using System.Text.RegularExpressions;
using TensorCell.Interactive.Formatting;
using TensorCell.Interactive.Magics;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests.Magics;

[Collection(nameof(ProfileMagicTests))]
public sealed class ExplainMagicTests
{
    private readonly TestNotebook notebook = new();

    private MimeBundle Shown => MimeBundles.Of(notebook.Displays[^1]);

    [Fact]
    public async Task A_pending_tensor_is_explained_as_the_groups_that_run()
    {
        var x = Tensor.Random(1).Normal((96, 96)).Realize();
        await Run(() => (((x.MatMul(x) * 2) + 1).Exp() - x).Sum(0), "--name plan");
        var plan = Assert.IsType<LaunchPlan>(notebook["plan"]);
        Assert.Equal(2, plan.Steps.Count);
        Assert.Null(plan.Steps[0].Kernel);
        var fused = plan.Steps[1];
        Assert.Equal(5, fused.Operations.Count);
        Assert.Equal("sum", fused.Operations[^1]);
        Assert.Contains(fused.Inputs, input => input.Step == 0);
        Assert.Contains(fused.Inputs, input => input.Step is null && input.Number == plan.Steps[0].Inputs[0].Number);
        Assert.NotEmpty(Assert.IsType<KernelExplanation>(fused.Kernel).Code);
        Assert.Contains("data:image/svg+xml", Shown.Data["text/html"]);
        Assert.Contains("class=\"hot\"", Shown.Data["text/html"]);
        Assert.Contains("Launch plan: 6 operations in 2 steps", Shown.Data["text/plain"]);
        Assert.Contains("spills", Shown.Data["text/plain"]);
        Assert.Contains("bar.sync", fused.Kernel.Ptx);
    }

    [Fact]
    public async Task A_tensor_that_is_explained_is_computed_once_and_kept()
    {
        var x = Tensor.Ones(1000).Realize();
        var pending = (x * 3).Exp();
        var computed = new List<string>();
        using (Tracing.Listen(traced => computed.AddRange(traced.Kind == TraceKind.Kernel && traced.Name.Contains("exp") ? [traced.Name] : [])))
        {
            await Run(() => pending, "--name plan");
            Assert.False(pending.IsPending);
            Assert.Equal(MathF.Exp(3), (float)pending[0], 1e-4f);
        }

        Assert.Single(computed);
        Assert.True(((LaunchPlan)notebook["plan"]!).Elapsed > TimeSpan.Zero);
        Assert.Contains("computed once for this, in ", Shown.Data["text/html"]);
    }

    [Fact]
    public async Task Kernels_and_functions_are_explained()
    {
        var kernel = Kernel.Elementwise((float x) => x > 0 ? x : 0.01f * x);
        await Run(() => kernel);
        Assert.IsType<KernelExplanation>(notebook.Displays[^1]);
        Assert.Contains("machine code: ", Shown.Data["text/plain"]);
        Assert.Contains("setp.gt.f32", Assert.IsType<KernelExplanation>(notebook.Displays[^1]).Ptx);
        await Run(() => kernel.Function);
        Assert.Contains("setp.gt.f32", Assert.IsType<KernelExplanation>(notebook.Displays[^1]).Ptx);
        await Run(() => (Func<double, double>)(x => Math.Sin(x) + 1));
        Assert.Contains("sin", Shown.Data["text/plain"]);
    }

    [Fact]
    public void Kernels_are_shown_as_highlighted_code()
    {
        var kernel = Kernel.Elementwise((float x) => x > 0 ? x : 0.5f * x);
        var html = MimeBundles.Of(kernel).Data["text/html"];
        Assert.Contains("<span class=\"val\">p0</span>", html);
        Assert.Contains("<span class=\"typ\">f32</span>", html);
        Assert.Contains("<span class=\"num\">0.5f</span>", html);
        Assert.Contains("class=\"val\"", MimeBundles.Of(kernel.Function).Data["text/html"]);
        Assert.Equal(kernel.Function!.ToString(), MimeBundles.Of(kernel).Data["text/plain"]);
    }

    [Fact]
    public async Task Kernels_over_spaces_are_explained_with_their_ptx()
    {
        var scale = GridKernel.Compile((Index2 i, View2<float> x, View2<float> y, float factor) => y[i.Y, i.X] = factor * x[i.Y, i.X]);
        var (x, y) = (new float[64, 256], new float[64, 256]);
        scale.Launch((64, 256), x, y, 2f);
        await Run(() => scale);
        var explanation = Assert.IsType<KernelExplanation>(notebook.Displays[^1]);
        Assert.NotEmpty(explanation.Code);
        Assert.Contains(".visible .entry", explanation.Ptx);
        Assert.Contains(explanation.Facts, fact => fact.Name == "memory" && fact.Value.StartsWith("2 accesses of neighbours, 0 of elements apart", StringComparison.Ordinal));
        Assert.Contains("<span class=\"key\">kernel</span>", MimeBundles.Of(scale).Data["text/html"]);
        await Run(() => (Action<Index2, View2<float>>)((i, v) => v[i.Y, i.X] += 1));
        Assert.NotEmpty(Assert.IsType<KernelExplanation>(notebook.Displays[^1]).Code);

        // A value for each item, of memory that is given.
        await Run(() => (Func<int, View<float>, float>)((i, v) => 2 * v[i]));
        explanation = Assert.IsType<KernelExplanation>(notebook.Displays[^1]);
        Assert.NotEmpty(explanation.Code);
        Assert.Contains("st.global.f32", explanation.Ptx);
    }

    [Fact]
    public void Names_are_encoded()
    {
        var function = KernelFunction.Create("<script>", [DType.Float32], [], Node.Parameter(0, DType.Float32));
        Assert.DoesNotContain("<script>", MimeBundles.Of(function.Explain()).Data["text/html"]);
        Assert.DoesNotContain("<script>", MimeBundles.Of(function).Data["text/html"]);
    }

    [Fact]
    public void A_plan_of_very_many_steps_is_kept_and_drawn_in_part()
    {
        var x = Tensor.Ones((8, 8)).Realize();
        var plan = LaunchPlan.Record(() =>
        {
            for (var i = 0; i < LaunchPlan.MaximumSteps + 10; i++)
            {
                (x + i).Realize();
            }
        });
        Assert.Equal((LaunchPlan.MaximumSteps, 10), (plan.Steps.Count, plan.Omitted));
        Assert.Same(plan.Steps[0].Kernel, plan.Steps[1].Kernel);
        Assert.Contains("the last 10 not kept", MimeBundles.Of(plan).Data["text/html"]);
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(100, true)]
    public void A_step_that_reads_very_many_tensors_is_drawn_in_part(int count, bool isPart)
    {
        LaunchValue Value(int number, int? step) => new(number, step, 2, DType.Float32);
        LaunchStep[] steps =
        [
            new("concat", ["concat"], [.. Enumerable.Range(0, count).Select(number => Value(number, null))], [Value(count, 0)], null),
            new("exp", ["exp"], [Value(count, 0)], [Value(count + 1, 1)], null),
        ];
        var svg = PlanGraph.ToSvg(new LaunchPlan(steps));
        Assert.Equal(isPart, svg.Contains("and 84 more", StringComparison.Ordinal));
        Assert.Contains("2. exp", svg);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Lines_of_a_plan_pass_beside_its_boxes(int seed)
    {
        var random = new Random(seed);
        for (var trial = 0; trial < 20; trial++)
        {
            var made = new List<LaunchValue>();
            var steps = new List<LaunchStep>();
            for (var step = 0; step < random.Next(2, 14); step++)
            {
                var inputs = Enumerable.Range(0, random.Next(1, 4)).Select(_ => made.Count > 0 && random.Next(3) > 0
                    ? made[random.Next(made.Count)]
                    : new LaunchValue(1000 + random.Next(4), null, 2, DType.Float32)).DistinctBy(value => value.Number);
                LaunchValue[] outputs = [.. Enumerable.Range(0, random.Next(1, 3)).Select(output => new LaunchValue((10 * step) + output, step, 2, DType.Float32))];
                steps.Add(new("step", [.. Enumerable.Repeat("add", random.Next(1, 9))], [.. inputs], outputs, null));
                made.AddRange(outputs);
            }

            var svg = PlanGraph.ToSvg(new LaunchPlan(steps));
            var boxes = Numbers(svg, """<rect x="N" y="N" width="N" height="N" rx="(?:6|14)" fill""").ToArray();
            Assert.True(boxes.Length >= steps.Count, svg);
            var lines = Numbers(svg, """<path d="MN NVNCN N N N N N" class="axis" """).ToArray();
            Assert.True(lines.Length >= steps.Count, svg);
            foreach (var line in lines)
            {
                for (var t = 0.0; t <= 1; t += 0.02)
                {
                    double Between(double a, double b, double c, double d) =>
                        (a * (1 - t) * (1 - t) * (1 - t)) + (3 * b * t * (1 - t) * (1 - t)) + (3 * c * t * t * (1 - t)) + (d * t * t * t);
                    (double X, double Y)[] points =
                    [
                        (line[0], line[1] + (t * (line[2] - line[1]))),
                        (Between(line[0], line[3], line[5], line[7]), Between(line[2], line[4], line[6], line[8])),
                    ];
                    Assert.DoesNotContain(boxes, box => points.Any(point =>
                        point.X > box[0] + 0.1 && point.X < box[0] + box[2] - 0.1 && point.Y > box[1] + 0.1 && point.Y < box[1] + box[3] - 0.1));
                }
            }
        }
    }

    [Fact]
    public async Task What_cannot_be_explained_says_what_can()
    {
        Assert.Contains("was computed before", (await Fails(() => Tensor.Ones(3).Realize())).Message);
        Assert.Contains("returned nothing; end it with a pending tensor", (await Fails(() => null)).Message);
        Assert.Contains("returned int", (await Fails(() => 3)).Message);
        await Assert.ThrowsAsync<KernelRefusedException>(() => Run(() => (Func<float, float>)(x => Printed(x))));
    }

    /// <summary>The numbers in place of each N, of all that a pattern finds.</summary>
    private static IEnumerable<double[]> Numbers(string svg, string pattern) => Regex.Matches(svg, pattern.Replace("N", @"(-?[\d.]+)"))
        .Select(match => match.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray());

    private static float Printed(float x)
    {
        Console.WriteLine(x);
        return x;
    }

    private Task<MagicException> Fails(Func<object?> code) => Assert.ThrowsAsync<MagicException>(() => Run(code));

    private async Task Run(Func<object?> code, string arguments = "")
    {
        notebook.Code["code"] = code;
        var segment = Assert.IsType<MagicSegment>(Assert.Single(CellSplitter.Split($"#!explain {arguments}\ncode", MagicRegistry.Default)));
        await MagicRegistry.Default.RunAsync(segment, notebook);
    }
}
