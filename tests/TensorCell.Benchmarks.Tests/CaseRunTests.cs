namespace TensorCell.Benchmarks.Tests;

public sealed class CaseRunTests
{
    [Fact]
    public void Systems_take_turns_and_are_ended()
    {
        List<string> log = [];
        Cases.Measure([], Cases.Takes("tensorcell", 0.05, log: log), Cases.Takes("numpy", 0.1, log: log));
        string[] turns = ["tensorcell", "tensorcell", "numpy", "numpy"]; // each with a run that is not counted
        Assert.Equal([.. turns, .. turns, "end of tensorcell", "end of numpy"], log.TakeLast(10));
    }

    [Fact]
    public void Ratios_are_taken_within_rounds()
    {
        var result = Cases.Measure([], Cases.Takes("tensorcell", 0.05), Cases.Takes("numpy", 0.1));
        Assert.Equal(2, result.RatioTo("numpy")!.Median, 1e-9);
        Assert.Null(result.RatioTo("pytorch"));
    }

    [Fact]
    public void A_missing_peer_is_named_and_the_others_go_on()
    {
        var result = Cases.Measure([Target.AtLeast(1, "pytorch")], Cases.Takes("tensorcell", 0.05), Cases.Missing("pytorch"), Cases.Takes("numpy", 0.1));
        Assert.Equal(["tensorcell", "numpy"], result.Systems.Select(system => system.System));
        Assert.Contains("pytorch is missing: it is not there", result.Notes);
        Assert.Null(result.Case.Targets[0].IsReached(result));
    }

    [Fact]
    public void Who_computes_something_else_is_named()
    {
        var result = Cases.Measure(
            [], Cases.Takes("tensorcell", 0.05, check: 100.05), Cases.Takes("numpy", 0.05, check: 100), Cases.Takes("pytorch", 0.05, check: 101));
        Assert.Contains("pytorch computes something else: its check is 101, others' 100.05", result.Notes);
        Assert.DoesNotContain(result.Notes, note => note.StartsWith("numpy", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_elements_have_few_digits_checks_may_differ_more()
    {
        SystemUnderTest[] systems = [Cases.Takes("tensorcell", 0.05, check: 100), Cases.Takes("numpy", 0.05, check: 101)];
        var result = CaseRun.Measure("suite", new BenchmarkCase("case", systems, []) { MostRounds = 1, CheckTolerance = 0.02 }, isQuick: true);
        Assert.DoesNotContain(result.Notes, note => note.Contains("something else"));
    }

    [Fact]
    public void A_system_that_breaks_ends_the_case_and_the_others_processes()
    {
        List<string> log = [];
        SystemUnderTest broken = new("pytorch", 1, () => throw new TimeoutException("pytorch: no answer"));
        Assert.Throws<TimeoutException>(() => Cases.Measure([], Cases.Takes("tensorcell", 0.05, log: log), broken));
        Assert.Contains("end of tensorcell", log);
    }
}
