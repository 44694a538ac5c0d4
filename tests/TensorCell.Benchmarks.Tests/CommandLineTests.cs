using TensorCell.Benchmarks.Suites;

namespace TensorCell.Benchmarks.Tests;

public sealed class CommandLineTests
{
    private static readonly ISuite[] suites = [new ElementwiseSuite(), new MatmulSuite()];

    [Fact]
    public void Several_suites_run_in_the_order_they_are_asked_for()
    {
        Assert.True(CommandLine.TryParse(["matmul", "elementwise", "--quick", "--json", "x.jsonl"], suites, out var command, out _));
        Assert.Equal(["matmul", "elementwise"], command.Suites.Select(suite => suite.Name));
        Assert.True(command.Options.IsQuick);
        Assert.Equal("x.jsonl", command.JsonPath);
    }

    [Fact]
    public void Some_cases_can_be_asked_for_by_a_part_of_their_names()
    {
        Assert.True(CommandLine.TryParse(["matmul", "--only", "F64"], suites, out var command, out _));
        Assert.True(command.Wants("matmul f64 512, 1 thread"));
        Assert.False(command.Wants("matmul f32 512, 1 thread"));
    }

    [Theory]
    [InlineData("no suite or option is called sorting", "elementwise", "sorting")]
    [InlineData("--json wants a file", "elementwise", "--json")]
    [InlineData("--only wants a part of cases' names", "elementwise", "--only")]
    [InlineData("which suite?")]
    public void What_it_does_not_understand_is_said(string expected, params string[] arguments)
    {
        Assert.False(CommandLine.TryParse(arguments, suites, out _, out var complaint));
        Assert.Equal(expected, complaint);
    }

    [Fact]
    public void Help_needs_no_suite_and_lists_them_all()
    {
        Assert.True(CommandLine.TryParse(["--help"], suites, out var command, out _));
        Assert.True(command.WantsHelp);
        var usage = CommandLine.Usage(suites);
        Assert.All(suites, suite => Assert.Contains(suite.Name, usage));
    }
}
