using System.Reflection;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;
using TensorCell.Data;
using TensorCell.Interactive;
using TensorCell.Interactive.Magics;

namespace TensorCell.Jupyter.Tests;

/// <summary>
/// The package's extension.dib in a stand-in for .NET Interactive, which compiles it and splits cells as that does. The script was also run
/// in the real thing, built from source by hand.
/// </summary>
[Collection(nameof(InteractiveHostTests))]
[CollectionDefinition(nameof(InteractiveHostTests), DisableParallelization = true)]
public sealed class InteractiveHostTests : IAsyncLifetime
{
    private static readonly string script = File.ReadAllText(Path.Combine(Repository.Root, "src/TensorCell.Interactive/Hosting/extension.dib"));
    private static readonly string machines = Path.Combine(Repository.Root, "notebooks/machines.csv");

    private readonly CompositeKernel root = new();
    private readonly CSharpKernel csharp = new();
    private KernelInvocationContext loading = null!;

    /// <summary>Those that this host has itself.</summary>
    private static readonly string[] hostsOwn = ["csharp", "html"];

    public async ValueTask InitializeAsync()
    {
        TensorCellFormatters.Register(); // The other tests of this process count on the everyday ones.
        root.Add(csharp, ["c#", "C#"]);
        root.Add(new HtmlKernel());
        csharp.AddAssemblyReferences(Directory.EnumerateFiles(AppContext.BaseDirectory, "TensorCell.*.dll").Where(file => !file.EndsWith("Tests.dll", StringComparison.Ordinal)));
        await root.RunAsync(new SubmitCode("var before = 40;"));
        loading = await root.RunAsync(new SubmitCode(script));
        Assert.True(loading.Failure is null, loading.Failure);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_magic_is_declared_with_its_options_unless_the_host_has_one_of_its_name()
    {
        string[] names = [.. root.KernelInfo.SupportedDirectives.Select(directive => directive.Name)];
        Assert.Distinct(names);
        foreach (MagicDeclaration magic in MagicRegistry.Default.Declarations)
        {
            KernelDirective directive = root.KernelInfo.SupportedDirectives.Single(directive => directive.Name == "#!" + magic.Name);
            if (!hostsOwn.Contains(magic.Name))
            {
                Assert.All(magic.Aliases, alias => Assert.Contains("#!" + alias, names));
                Assert.Equal(magic.Description, directive.Description);
                Assert.Equal(magic.Parameters.Select(parameter => parameter.LongName).Append("--help"), directive.Parameters.Select(parameter => parameter.Name));
                Assert.Equal(magic.IsBody, directive is KernelSpecifierDirective);
                Assert.All(directive.Parameters, parameter => Assert.NotNull(parameter.Complete().ToList()));
            }
        }

        Assert.Contains("#!bench", Text(loading, ^1));
    }

    [Fact]
    public async Task Every_magic_explains_itself_on_a_line_with_nothing_below_it()
    {
        foreach (MagicDeclaration magic in MagicRegistry.Default.Declarations.Where(magic => !hostsOwn.Contains(magic.Name)))
        {
            KernelInvocationContext cell = await Run($"#!{magic.Name} --help");
            Assert.StartsWith(magic.Usage, Text(cell, 0), StringComparison.Ordinal);
            Assert.Single(cell.Displays);
        }
    }

    [Fact]
    public async Task Lines_and_code_take_turns_and_share_variables()
    {
        KernelInvocationContext cell = await Run($"#!csv \"{machines}\" --name all --skip-bad-rows\n#!csv {machines} --name some --column load --column machine\nall.RowCount + \" \" + some.ColumnCount");
        Assert.Equal("24000 2", Text(cell, ^1));
        Assert.True(cell.Updates >= 2);
        Assert.IsType<Frame>(csharp.ScriptState!.GetVariable("some").Value);
        Assert.Contains("cpu", Text(await Run("#!device"), 0));
    }

    [Fact]
    public async Task A_body_runs_in_the_session_and_its_variables_stay()
    {
        await Run("var x = Tensor.Linspace(0, 1, 100);");
        KernelInvocationContext cell = await Run("#!bench --name first --runs 10\nvar y = (x * before).Sum();\n#!device\n\"after \" + first.Name");
        Assert.Contains("first (C#)", Text(cell, 0));
        Assert.Contains("cpu", Text(cell, 1));
        Assert.Equal("after first", Text(cell, ^1));
        Assert.Equal(2000f, Convert.ToSingle((await Run("(float)y.ToArray<float>()[0]")).Displays[0].FormattedValues[^1].Value));
        Assert.IsType<Benchmark>(csharp.ScriptState!.GetVariable("first").Value);

        await Run("#!bench --name second --runs 10\nx.Mean()");
        Assert.Contains("second", Text(await Run("#!compare first second --runs 10"), 0));
        Assert.Contains("third", Text(await Run("#!compare first --runs 10\n//% third\nx.Max()"), 0));
        Assert.Contains("wall", Text(await Run("#!time\nvar z = x + 1f;\nz.Sum()"), ^1));
        Assert.Contains("pieces of work", Text(await Run("#!profile --name p\nvar w = (x * 3f).Sum();"), ^1));
        Assert.NotEmpty(Assert.IsType<CellProfile>(csharp.ScriptState!.GetVariable("p").Value).Kernels);
        Assert.Contains("hot loop", Text(await Run("#!explain\n(x * 2f).Exp()"), ^1));
        Assert.Contains("y ", Text(await Run("#!whos"), 0));
    }

    [Fact]
    public async Task Kernels_of_cells_are_compiled_applied_explained_and_charted()
    {
        await Run("var x = Tensor.Linspace(0, 1, 100);");
        Assert.Contains("divide", Text(await Run("#!jit\nstatic float Swish(float x) => x / (1 + MathF.Exp(-x));"), ^1));
        Assert.Contains("points", Text(await Run("Chart.Line((swish[x * 2f] + 1f).ToArray<float>())"), 0));
        Assert.Contains("kernel Blur", Text(await Run("#!jit --name blur\n[Kernel] static void Blur(int i, View<float> a, View<float> b) => b[i] = (a[Math.Max(i - 1, 0)] + a[i]) / 2;"), ^1));
        Assert.Equal("1.0", Text(await Run("var y = Tensor.Zeros(100); blur.Launch(100, x * 0f + 1f, y); y.Max().ToString()"), 0));
        Assert.Contains("hot loop", Text(await Run("#!explain\nblur"), ^1));
        Assert.Contains("computed once for this, in ", Text(await Run("#!explain\n(swish[x] * 2f).Sum()"), ^1));
        KernelInvocationContext refused = await root.RunAsync(new SubmitCode("#!jit\nstatic float Bad(float x)\n{\n    Console.WriteLine(x);\n    return x;\n}"));
        Assert.StartsWith("kernel: Bad, line ", refused.Failure, StringComparison.Ordinal);
        Assert.Contains("a call of Console.WriteLine", refused.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_timed_code_prints_is_printed_once_and_others_print_on()
    {
        using var printed = new StringWriter();
        TextWriter before = Console.Out;
        Console.SetOut(printed);
        try
        {
            await Run("#!bench --runs 10 --warmup 10\nConsole.Write(\"once;\");");
            Console.Write("after");
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.EndsWith("after", printed.ToString());
        Assert.Equal(1, printed.ToString().Split("once;").Length - 1);
    }

    [Fact]
    public async Task Python_keeps_its_variables_between_cells_and_takes_part_in_comparisons()
    {
        PythonClient.Need("numpy");
        await Run("var x = Tensor.Linspace(0, 1, 100);");
        await Run("#!python\nimport numpy\nkept = numpy.arange(4)");
        await Run("#!python --return doubled\ndoubled = kept * 2");
        Assert.Equal("6", Text(await Run("doubled.Max().ToString()"), 0));
        KernelInvocationContext cell = await Run("#!compare --runs 10\n//% sharp\nx.Sum()\n#!python numpy\nx.sum()");
        Assert.Contains("numpy", Text(cell, 0));
        Assert.Single(cell.Displays);
    }

    [Theory]
    [InlineData("#!csv nosuch.csv --name q", "#!csv: nosuch.csv: no such file")]
    [InlineData("#!device tpu", "#!device tpu: this machine has no device tpu")]
    [InlineData("#!csv", "#!csv: FILE")]
    [InlineData("#!bench --runs 0\n1", "#!bench --runs 0: at least one sample")]
    [InlineData("#!bench", "#!bench: there is no code below it")]
    [InlineData("#!bench\nnosuch + 1", "(2,1): error CS0103")]
    public async Task Errors_are_those_of_the_magics_and_nothing_else(string cell, string error) =>
        Assert.StartsWith(error, (await root.RunAsync(new SubmitCode(cell))).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task A_users_exception_is_not_hidden() =>
        Assert.Contains("mine", (await root.RunAsync(new SubmitCode("#!bench\nthrow new InvalidOperationException(\"mine\");"))).Failure);

    [Fact]
    public async Task A_cell_can_be_interrupted()
    {
        using var interruption = new CancellationTokenSource();
        Task<KernelInvocationContext> running = Task.Run(() => root.RunAsync(new SubmitCode("#!bench --runs 100000000\n1 + 1"), interruption.Token));
        await interruption.CancelAsync();
        KernelInvocationContext cell = await running.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(cell.Failure is null or "The cell was interrupted.", cell.Failure);
        Assert.Null((await Run("#!bench --runs 10\n1 + 1")).Failure);
    }

    [Fact]
    public async Task What_is_shown_can_be_replaced_after_its_cell()
    {
        Kernel bench = root.ChildKernels.Single(kernel => kernel.Name == "bench");
        var notebook = (INotebook)bench.GetType().GetField("notebook", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(bench)!;
        KernelInvocationContext cell = null!;
        IDisplayHandle handle = null!;
        csharp.AddMiddleware((command, context, next) =>
        {
            cell = context;
            handle = notebook.Display(MimeBundle.PlainText("early"));
            return next(command, context);
        });
        await Run("1");
        handle.Update(MimeBundle.Html("<b>late</b>", "late"));
        Assert.Equal((cell.Displays[0].DisplayId, "<b>late</b>"), Assert.Single(root.LateUpdates));
    }

    [Fact]
    public async Task Code_that_is_typed_below_a_magic_is_completed_as_code()
    {
        var question = new RequestCompletions("before.", "bench");
        await root.RunAsync(question);
        Assert.Same(question, Assert.Single(csharp.Questions));
        await root.RunAsync(new RequestHoverText("before", "compare"));
        await root.RunAsync(new RequestSignatureHelp("F(", "time"));
        await root.RunAsync(new RequestCompletions("impor", "python"));
        Assert.Equal(3, csharp.Questions.Count);
    }

    [Fact]
    public async Task Loading_it_twice_says_so_and_leaves_no_names_behind()
    {
        int directives = root.KernelInfo.SupportedDirectives.Count;
        KernelInvocationContext again = await Run(script);
        Assert.Contains("loaded before", Text(again, ^1));
        Assert.Equal(directives, root.KernelInfo.SupportedDirectives.Count);
        Assert.Equal(["before"], csharp.ScriptState!.Variables.Select(variable => variable.Name));
        Assert.Contains("plotly", Text(await Run("Chart.Line(new double[] { 1, 2 })"), 0, "text/html"));
    }

    private async Task<KernelInvocationContext> Run(string cell)
    {
        KernelInvocationContext context = await root.RunAsync(new SubmitCode(cell));
        Assert.True(context.Failure is null, $"{cell}\n{context.Failure}");
        return context;
    }

    private static string Text(KernelInvocationContext context, Index display, string mimeType = "text/plain") =>
        context.Displays[display].FormattedValues.Single(value => value.MimeType == mimeType).Value;

    private sealed class HtmlKernel() : Kernel("html");
}
