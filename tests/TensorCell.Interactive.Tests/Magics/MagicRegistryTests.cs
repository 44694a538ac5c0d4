using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Tests.Magics;

public class MagicRegistryTests
{
    private readonly MagicRegistry registry = new();
    private readonly TestNotebook notebook = new();

    public MagicRegistryTests()
    {
        registry.Add<SampleMagic>();
        registry.Add<ListMagicsMagic>();
    }

    private async Task<SampleMagic> Run(string line)
    {
        var segments = CellSplitter.Split(line, registry);
        registry.Check(segments);
        await registry.RunAsync((MagicSegment)segments[0], notebook);
        return (SampleMagic)notebook.Displays[^1]!;
    }

    [Fact]
    public async Task Options_and_arguments_reach_their_properties()
    {
        var magic = await Run("#!sample data.csv --max-rows 1,000 --scale=2.5e-1 --color DARK --wait 1.5s --quick --tag a --tag=b one \"two three\" -- --four");
        Assert.Equal("data.csv", magic.File);
        Assert.Equal(1000, magic.MaxRows);
        Assert.Equal(0.25, magic.Scale);
        Assert.Equal(Shade.Dark, magic.Color);
        Assert.Equal(TimeSpan.FromSeconds(1.5), magic.Wait);
        Assert.True(magic.Quick);
        Assert.Equal(["a", "b"], magic.Tag);
        Assert.Equal(["one", "two three", "--four"], magic.Rest);
    }

    [Fact]
    public async Task What_is_not_given_keeps_its_default()
    {
        var magic = await Run("#!sample f");
        Assert.Equal(10, magic.MaxRows);
        Assert.Null(magic.Scale);
        Assert.False(magic.Quick);
        Assert.Empty(magic.Tag);
    }

    [Theory]
    [InlineData("#!sample 'a b'", "a b")]
    [InlineData("#!sample \"C:\\data\\new.csv\"", "C:\\data\\new.csv")]
    [InlineData("#!sample \"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData("#!sample \"--max-rows\"", "--max-rows")]
    [InlineData("#!sample pre\"fix ed\"", "prefix ed")]
    public async Task Quotes_hold_words_together(string line, string file) => Assert.Equal(file, (await Run(line)).File);

    [Theory]
    [InlineData("#!sample", "FILE (what to read) is missing", "#!sample FILE [REST …]")]
    [InlineData("#!sample f --max-rwos 3", "no option --max-rwos", "did you mean --max-rows?")]
    [InlineData("#!sample f --zzz 3", "no option --zzz", "its options are --max-rows, --scale, --color, --wait, --quick, --tag")]
    [InlineData("#!sample f --max-rows ten", "MAX-ROWS is ten", "a whole number, as 20")]
    [InlineData("#!sample f --max-rows", "no value follows --max-rows", "write --max-rows MAX-ROWS")]
    [InlineData("#!sample f --max-rows --quick", "no value follows --max-rows", "a whole number")]
    [InlineData("#!sample f --scale 1,5x", "must be a number", "2.5 or 1e9")]
    [InlineData("#!sample f --color red", "COLOR is red", "light or dark")]
    [InlineData("#!sample f --wait 3", "WAIT is 3", "200ms, 1.5s or 2min")]
    [InlineData("#!sample f --max-rows 1 --max-rows 2", "--max-rows is given twice", "it takes one value")]
    [InlineData("#!sample \"f", "quotation mark", "not closed")]
    [InlineData("#!lsmagic x", "x is one argument too many", "#!lsmagic")]
    [InlineData("#!smaple f", "no magic of this name", "did you mean #!sample?")]
    [InlineData("#!qqqqqq", "no magic of this name", "#!lsmagic lists")]
    public async Task What_does_not_fit_is_told_with_what_would(string line, string problem, string remedy)
    {
        var error = await Assert.ThrowsAsync<MagicException>(() => Run(line));
        Assert.StartsWith("#!", error.Message);
        Assert.Contains(problem, error.Message);
        Assert.Contains(remedy, error.Message);
    }

    [Theory]
    [InlineData("2min", 120)]
    [InlineData("2m", 120)]
    [InlineData("0.5h", 1800)]
    [InlineData("200ms", 0.2)]
    [InlineData("0s", 0)]
    public async Task Durations_take_units(string text, double seconds) =>
        Assert.Equal(seconds, (await Run($"#!sample f --wait {text}")).Wait.TotalSeconds, 9);

    [Theory]
    [InlineData("#!sample --help")]
    [InlineData("#!sample f -h")]
    [InlineData("#!sample --nonsense --help")]
    public async Task Help_comes_from_the_declaration(string line)
    {
        var segments = CellSplitter.Split(line, registry);
        registry.Check(segments);
        await registry.RunAsync((MagicSegment)segments[0], notebook);
        var text = notebook.LastText;
        Assert.StartsWith("#!sample FILE [REST …] [--max-rows MAX-ROWS]", text);
        Assert.Contains("Reads <things>.", text);
        Assert.Contains("(10 unless given)", text);
        Assert.Contains("(light or dark; light unless given)", text);
        Assert.Contains("Reads &lt;things&gt;.", ((MimeBundle)notebook.Displays[^1]!).Data["text/html"]);
    }

    [Fact]
    public async Task Lists_all_magics()
    {
        await MagicRegistry.Default.RunAsync((MagicSegment)CellSplitter.Split("#!lsmagic", MagicRegistry.Default)[0], notebook);
        foreach (var name in new[] { "bench", "compare", "csharp", "device", "html", "javascript", "lsmagic", "markdown", "python", "time", "whos" })
        {
            Assert.Contains("#!" + name, notebook.LastText);
        }
    }

    [Fact]
    public void Every_magic_explains_itself() => Assert.All(MagicRegistry.Default.Declarations, declaration =>
    {
        Assert.StartsWith("#!" + declaration.Name, MagicHelp.Of(declaration).Data["text/plain"]);
        Assert.False(declaration.Description.EndsWith('.'), declaration.Name);
        Assert.True(char.IsUpper(declaration.Description[0]), declaration.Name);
    });

    [Theory]
    [InlineData("#!", 2, "#!", "#!lsmagic #!sample")]
    [InlineData("#!sa", 4, "#!sa", "#!sample")]
    [InlineData("x;\n#!l", 6, "#!l", "#!lsmagic")]
    [InlineData("#!sample --m", 12, "--m", "--max-rows")]
    [InlineData("#!sample f --quick --", 21, "--", "--max-rows --scale --color --wait --tag --help")]
    [InlineData("#!sample f --color ", 19, "", "light dark")]
    [InlineData("#!sample f --color=d", 20, "d", "dark")]
    [InlineData("#!sample b", 10, "b", "beta")]
    [InlineData("#!sample --max-rows 3 a", 23, "a", "alpha")]
    public void Completes_names_options_and_values(string cell, int cursor, string replaced, string expected)
    {
        var completions = registry.Complete(cell, cursor)!;
        Assert.Equal(replaced, cell[completions.Start..completions.End]);
        Assert.Equal(expected, string.Join(' ', completions.Items.Select(item => item.Text)));
    }

    [Theory]
    [InlineData("x.", 2)]
    [InlineData("#!sample f\nx", 12)]
    [InlineData("var s = @\"\n#!sa", 15)]
    [InlineData("", 0)]
    public void Offers_nothing_elsewhere(string cell, int cursor) => Assert.Null(registry.Complete(cell, cursor));

    [Fact]
    public void Describes_the_magic_under_the_cursor()
    {
        Assert.Contains("#!sample FILE", registry.Describe("x\n#!sample f", 5)!.Data["text/plain"]);
        Assert.Null(registry.Describe("x\n#!sample f", 1));
        Assert.Null(registry.Describe("#!nonsense", 4));
    }

    [Fact]
    public void A_magic_without_attribute_is_refused() =>
        Assert.Contains("[Magic(", Assert.Throws<ArgumentException>(() => registry.Add<Undeclared>()).Message);

    public enum Shade
    {
        Light,
        Dark,
    }

    [Magic("sample", "Reads <things>")]
    public sealed class SampleMagic : LineMagic
    {
        [Argument("FILE", "what to read", IsRequired = true)]
        public string File { get; set; } = "";

        [Argument("REST", "what else")]
        public IReadOnlyList<string> Rest { get; set; } = [];

        [Option("how many rows")]
        public int MaxRows { get; set; } = 10;

        [Option("by how much")]
        public double? Scale { get; set; }

        [Option("which shade")]
        public Shade Color { get; set; }

        [Option("how long")]
        public TimeSpan Wait { get; set; }

        [Option("whether to hurry")]
        public bool Quick { get; set; }

        [Option("a mark")]
        public IReadOnlyList<string> Tag { get; set; } = [];

        public override IEnumerable<string> Suggest(string property, INotebook? notebook) =>
            property == nameof(File) ? ["alpha", "beta"] : [];

        public override Task RunAsync(INotebook notebook)
        {
            notebook.Display(this);
            return Task.CompletedTask;
        }
    }

    public sealed class Undeclared : LineMagic
    {
        public override Task RunAsync(INotebook notebook) => Task.CompletedTask;
    }
}
