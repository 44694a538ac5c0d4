using TensorCell.Interactive;
using TensorCell.Kernels;

namespace TensorCell.Jupyter.Tests;

/// <summary><c>#!profile</c> in a real session; nothing is asserted of how long anything takes.</summary>
public sealed class MagicProfileTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    private CellProfile Profile(string name = "profile") =>
        Assert.IsType<CellProfile>(harness.Session.Variables.Last(variable => variable.Name == name).Value);

    [Fact]
    public async Task A_cell_with_magics_in_it_is_shown_as_usual_and_then_its_profile()
    {
        var machines = Path.Combine(Repository.Root, "notebooks/machines.csv");
        var output = await harness.Run(
            $"#!profile --name p\nvar pending = Tensor.Arange(1000) * 2f;\n#!csv \"{machines}\" --name table\n#!csharp\n(pending + 3f).Sum()");
        var profile = Profile("p");
        Assert.Contains(profile.Work, work => work.Kind == TraceKind.Parse && work.Name.EndsWith("machines.csv", StringComparison.Ordinal) && work.Bytes == new FileInfo(machines).Length);
        Assert.Contains(profile.Kernels, kernel => kernel.Flops > 0);
        Assert.Contains("data:image/svg+xml", output.Displays.Last().Bundle.Data["text/html"]);
        Assert.Contains("1002000", string.Concat(output.Displays.Select(display => display.Bundle.Data["text/plain"])));
        Assert.Equal("False", (await harness.Run("pending.IsPending.ToString()")).ValueText);
        Assert.Equal("True", (await harness.Run("(p.Events.Count >= 3 && p.Kernels.Any() && p.Limits[\"cpu\"].Cores > 0).ToString()")).ValueText);
    }

    [Fact]
    public async Task A_failing_cell_keeps_its_error_and_its_profile()
    {
        var error = await harness.Fail("#!profile\n(Tensor.Arange(10) + 1f).Realize();\nthrow new InvalidTimeZoneException(\"mine\");");
        Assert.Equal("mine", error.Message);
        Assert.NotEmpty(Profile().Kernels);
        error = await harness.Fail("#!profile\n\nint i = \"text\";");
        Assert.Contains("(3,9)", error.Message);
    }

    [Fact]
    public async Task An_interrupted_cell_shows_what_ran_until_then()
    {
        var (outcome, output, _) = await harness.Interrupt(
            "#!profile\nvar x = Tensor.Ones(100_000);\n(x + 1f).Realize();\nConsole.WriteLine(\"ready\");\nwhile (true) { (x * 2f).Realize(); }");
        Assert.False(outcome.Succeeded);
        Assert.Contains("interrupted; this is what ran until then", output.Displays.Last().Bundle.Data["text/plain"]);
        Assert.NotEmpty(Profile().Kernels);
    }
}
