using System.Diagnostics;
using TensorCell.Interactive.Formatting;
using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Profiling;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests.Magics;

/// <summary>Alone, since the trace hears of every other test's kernels too.</summary>
[Collection(nameof(ProfileMagicTests))]
[CollectionDefinition(nameof(ProfileMagicTests), DisableParallelization = true)]
public sealed class ProfileMagicTests
{
    private readonly TestNotebook notebook = new();

    private CellProfile Profile => (CellProfile)notebook["profile"]!;

    [Fact]
    public async Task The_work_of_a_cell_is_recorded_shown_and_kept()
    {
        var x = Tensor.Random(1).Normal((512, 512));
        await Run(() => (x.MatMul(x) + 1).Sum());
        Assert.False(((Tensor)notebook.Displays[0]!).IsPending);
        Assert.Same(Profile, notebook.Displays[1]);
        Assert.Contains(Profile.Kernels, kernel => kernel.Name.StartsWith("matmul", StringComparison.Ordinal) && kernel.Flops == 2.0 * 512 * 512 * 512);
        Assert.True(Profile.BusySeconds > 0 && Profile.BusySeconds <= Profile.Seconds);
        Assert.All(Profile.Events, piece => Assert.InRange(piece.Start + piece.Seconds, 0, Profile.Seconds));
        Assert.Equal(Profile.Count, Profile.Events.Sum(piece => piece.Count));
        Assert.True(Profile.Limits["cpu"].FlopsFloat32 > 0);
        var shown = MimeBundles.Of(Profile).Data;
        Assert.Contains("Roofline of cpu", shown["text/html"]);
        Assert.Contains("C# of the cell, compiling it, and waiting", shown["text/plain"]);
    }

    [Fact]
    public async Task Arithmetic_of_loops_is_counted_where_a_launch_tells_their_turns_and_marked_where_the_data_does()
    {
        var sums = GridKernel.Compile(Sums);
        var halvings = GridKernel.Compile(Halvings);
        var (x, y) = (new float[4096], new float[1024]);
        await Run(() =>
        {
            sums.Launch(1024, x, y, 3000);
            halvings.Launch(1024, x, y);
            return null;
        });
        var counted = Profile.Kernels.Single(kernel => kernel.Name == nameof(Sums));
        Assert.Equal((3000.0 * 1024, false), (counted.Flops, counted.FlopsAreLeast));
        var marked = Profile.Kernels.Single(kernel => kernel.Name == nameof(Halvings));
        Assert.Equal((1024.0, true), (marked.Flops, marked.FlopsAreLeast));
        Assert.Contains(Profile.Events, piece => piece is { Name: nameof(Halvings), FlopsAreLeast: true });
        var shown = MimeBundles.Of(Profile).Data["text/plain"];
        Assert.Contains("Halvings: the data decides how often a loop turns", shown);
        Assert.Contains("≥ ", shown.Split('\n').Single(line => line.Trim().StartsWith("Halvings ", StringComparison.Ordinal)));
        Assert.DoesNotContain("≥", shown.Split('\n').Single(line => line.Trim().StartsWith("Sums ", StringComparison.Ordinal)));
        var points = Assert.IsType<Figure>(ProfileCharts.Roofline(Profile)).Traces.OfType<ScatterTrace>().Select(trace => trace.Name);
        Assert.Contains(nameof(Sums), points);
        Assert.DoesNotContain(nameof(Halvings), points);
    }

    private static void Sums(int i, float[] x, float[] y, int n)
    {
        for (var k = 0; k < n; k++)
        {
            y[i] += x[i + k];
        }
    }

    private static void Halvings(int i, float[] x, float[] y)
    {
        var value = x[i];
        while (value > 1)
        {
            value *= 0.5f;
        }

        y[i] = value;
    }

    [Fact]
    public async Task Millions_of_launches_take_bounded_memory_and_are_all_counted()
    {
        const int launches = 300_000;
        await Run(() =>
        {
            var clock = Stopwatch.GetTimestamp();
            for (var i = 0; i < launches; i++)
            {
                // Each runs within another, as a convolution's product does.
                Tracing.Write(new(TraceKind.Kernel, $"inner {i % 900}", "cpu", clock + 1, clock + 2, 8, 4));
                Tracing.Write(new(TraceKind.Kernel, "outer", "cpu", clock, clock + 4, 16, 0));
                clock += 5;
            }

            return null;
        });
        Assert.Equal(2 * launches, Profile.Count);
        Assert.Equal(2 * launches, Profile.Events.Sum(piece => piece.Count));
        Assert.InRange(Profile.Events.Count, 1, WorkRecorder.MostEvents);
        Assert.InRange(Profile.Work.Count, 1, WorkRecorder.MostNames + 1);
        Assert.Equal(8.0 * launches, Profile.Work.Where(work => work.Name != "outer").Sum(work => work.Bytes));

        // An outer one's own time leaves out the inner one's.
        var perTick = 1.0 / Stopwatch.Frequency;
        Assert.Equal(3.0 * launches * perTick, Profile.Work.Single(work => work.Name == "outer").Seconds, 6);
        Assert.Contains("short neighbours are joined", MimeBundles.Of(Profile).Data["text/plain"]);
    }

    [Fact]
    public async Task Time_that_several_threads_work_at_once_is_busy_once()
    {
        var clock = 0L;
        await Run(() =>
        {
            clock = Stopwatch.GetTimestamp();
            foreach (var thread in Enumerable.Range(0, 3).Select(_ => new Thread(() => Tracing.Write(new(TraceKind.Parse, "a.csv", "cpu", clock, clock + 1000, 1, 0)))))
            {
                thread.Start();
                thread.Join();
            }

            while (Stopwatch.GetTimestamp() < clock + 1000)
            {
            }

            return null;
        });
        var perTick = 1.0 / Stopwatch.Frequency;
        Assert.Equal(1000 * perTick, Profile.BusySeconds, 9);
        Assert.Equal(3000 * perTick, Profile.Work.Single().Seconds, 9);
        Assert.Equal(3, Profile.Events.Select(piece => piece.Thread).Distinct().Count());
    }

    [Fact]
    public async Task A_failing_cell_shows_what_ran_until_then()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Run(() =>
        {
            (Tensor.Arange(100) + 1).Realize();
            throw new InvalidTimeZoneException("mine");
        }));
        Assert.NotEmpty(Profile.Kernels);
        Assert.Contains("the cell failed; this is what ran until then", MimeBundles.Of(notebook.Displays[^1]).Data["text/plain"]);
    }

    [Fact]
    public async Task An_interrupted_cell_shows_what_ran_until_then()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => Run(() =>
        {
            (Tensor.Arange(100) + 1).Realize();
            notebook.Interruption.Cancel();
            throw new OperationCanceledException(notebook.Cancellation);
        }));
        Assert.Contains("interrupted; this is what ran until then", MimeBundles.Of(notebook.Displays[^1]).Data["text/plain"]);
    }

    [Fact]
    public async Task A_cell_without_work_of_the_engine_says_so()
    {
        await Run(() => 7);
        Assert.Equal(7, notebook.Displays[0]);
        Assert.Contains("the engine did nothing in this cell", MimeBundles.Of(Profile).Data["text/html"]);
        Assert.Empty(Profile.Events);
    }

    [Theory]
    [InlineData("--name 2x", "write --name profile_2x")]
    [InlineData("--nmae x", "did you mean --name")]
    public async Task Faulty_lines_are_refused(string arguments, string expected) =>
        Assert.Contains(expected, (await Assert.ThrowsAsync<MagicException>(() => Run(() => 1, arguments))).Message);

    private async Task Run(Func<object?> code, string arguments = "")
    {
        notebook.Code["code"] = code;
        var segment = Assert.IsType<MagicSegment>(Assert.Single(CellSplitter.Split($"#!profile {arguments}\ncode", MagicRegistry.Default)));
        await MagicRegistry.Default.RunAsync(segment, notebook);
    }
}
