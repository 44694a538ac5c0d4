using TensorCell.Interactive.Benchmarks;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests.Benchmarks;

public class RunResultsTests
{
    private static readonly Tensor data = Tensor.Arange(4).Realize();

    private static RunResults Create(params object?[] variables) =>
        new(variables.Select((value, i) => new NotebookVariable($"v{i}", typeof(object), value)));

    private static void Run(RunResults results, params object?[] values)
    {
        foreach (var value in values)
        {
            results.Add(value);
            Realization.Realize(value);
        }

        results.EndRun();
    }

    private static bool IsAlive(Tensor tensor)
    {
        try
        {
            return tensor.ToArray<float>().Length > 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    [Fact]
    public void A_runs_results_go_when_the_next_has_its_own()
    {
        var results = Create();
        var made = Enumerable.Range(0, 3).Select(i => data + i).ToList();
        made.ForEach(tensor => Run(results, (tensor, 1)));
        Assert.Equal([false, false, true], made.Select(IsAlive));
    }

    [Fact]
    public void What_the_notebook_holds_stays()
    {
        var pending = data * 2f;
        var list = new List<Tensor> { data * 3f, data * 4f };
        var results = Create(pending, list);
        Run(results, pending);
        Run(results, list[0]);
        Run(results, (list[1], data));
        Run(results, data + 1f);
        Run(results, data + 2f);
        Assert.All([pending, .. list, data], tensor => Assert.True(IsAlive(tensor)));
    }

    [Fact]
    public void What_a_later_run_still_has_stays()
    {
        var results = Create();
        var best = data * 2f;
        Run(results, best, data + 1f);
        Run(results, best, data + 2f);
        Run(results, best, data + 3f);
        Assert.True(IsAlive(best));
    }

    [Fact]
    public void What_a_lasting_view_shows_stays()
    {
        var results = Create();
        var made = data * 2f;
        var view = made[1..];
        Run(results, made, view);
        Run(results, data * 3f, view);
        Run(results, data * 4f, view);
        Assert.True(IsAlive(view));
    }

    [Fact]
    public void State_carried_from_run_to_run_is_computed_right()
    {
        var weights = Tensor.Ones(4);
        var results = Create(weights);
        for (var run = 0; run < 5; run++)
        {
            weights = weights * 2f;
            Run(results, weights);
        }

        Assert.Equal([32f, 32f, 32f, 32f], weights.ToArray<float>());
    }
}
