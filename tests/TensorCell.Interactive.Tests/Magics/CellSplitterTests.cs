using FsCheck;
using FsCheck.Fluent;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Tests.Magics;

public class CellSplitterTests
{
    private static string Describe(string cell) =>
        string.Join(" | ", CellSplitter.Split(cell, MagicRegistry.Default).Select(segment => segment switch
        {
            CodeSegment code => $"C# {code.CodeLine}: {Flat(code.Code)}",
            MagicSegment { Body: { } body } magic => $"#!{magic.Name}{magic.Arguments} {body.FirstLine}: {Flat(body.Text)}",
            MagicSegment magic => $"#!{magic.Name}{magic.Arguments}",
            HabitSegment habit => $"habit {habit.FirstLine}",
            _ => "?",
        }));

    private static string Flat(string text) => text.TrimEnd('\n').Replace('\n', '/');

    [Theory]
    [InlineData("", "")]
    [InlineData("  \n\n", "")]
    [InlineData("1 + 1", "C# 1: 1 + 1")]
    [InlineData("#!whos", "#!whos")]
    [InlineData("#!nonsense 3", "#!nonsense 3")]
    [InlineData("var a = 1;\n#!whos\nvar b = 2;", "C# 1: var a = 1; | #!whos | C# 3: var b = 2;")]
    [InlineData("#!bench --runs 3\nx + 1\nx", "#!bench --runs 3 2: x + 1/x")]
    [InlineData("#!bench\nx\n#!bench\ny", "#!bench 2: x | #!bench 4: y")]
    [InlineData("#!bench\nx\n#!whos\ny", "#!bench 2: x | #!whos | C# 4: y")]
    [InlineData("#!bench\n\n#!device cpu\nx", "#!device cpu | #!bench 4: x")]
    [InlineData("#!bench", "#!bench 2: ")]
    [InlineData("#!csharp\nx", "C# 2: x")]
    [InlineData("#!C#\nx", "C# 2: x")]
    [InlineData("#!markdown\n# title\n#!nonsense\ntext", "#!markdown 2: # title/#!nonsense/text")]
    [InlineData("#!markdown\n# title\n#!csharp\nx", "#!markdown 2: # title | C# 4: x")]
    [InlineData("#!python\na\n#!whos\nb", "#!python 2: a | #!whos | #!python 4: b")]
    [InlineData("#!bench\n#!python\na\n#!csharp\nb", "#!bench 2: #!python/a | C# 5: b")]
    [InlineData("#!bench\nx\n#!python\na", "#!bench 2: x | #!python 4: a")]
    [InlineData("#!compare\n//% a\nx\n#!python b\ny\n#!whos\nz", "#!compare 2: //% a/x/#!python b/y | #!whos | C# 7: z")]
    [InlineData("#!compare\n//% a\nx\n#!bench\ny", "#!compare 2: //% a/x | #!bench 5: y")]
    [InlineData("#!time\n#!markdown\nx\n#!bench\ny", "#!time 2: #!markdown/x/#!bench/y")]
    [InlineData("  #!whos", "C# 1:   #!whos")]
    [InlineData("#!/usr/bin/env dotnet\nx", "C# 1: #!/usr/bin/env dotnet/x")]
    public void Splits_at_magics(string cell, string expected) => Assert.Equal(expected, Describe(cell));

    [Theory]
    [InlineData("var s = \"\"\"\n#!whos\n\"\"\";\n#!whos")]
    [InlineData("var s = @\"\n#!whos \"\"quoted\"\"\n#!whos\";\n#!whos")]
    [InlineData("var s = $@\"{1}\n#!whos\n{\"}\"}\";\n#!whos")]
    [InlineData("var s = $\"\"\"\"\n#!whos \"\"\"\n\"\"\"\";\n#!whos")]
    [InlineData("var s = $$\"\"\"\n#!whos {{ \"a\" }}\n\"\"\";\n#!whos")]
    [InlineData("/* \"\n#!whos\n*/ var c = '\"';\n#!whos")]
    [InlineData("// \"\"\" not a string\nvar u = 'x';// it's\n#!whos")]
    [InlineData("var s = \"\\\"\"; var t = '\\'';\n#!whos")]
    [InlineData("var s = $\"{ (true ? \"\"\"a\"\"\" : \"b\") } \\\" {{\";\n#!whos")]
    [InlineData("var s = \"unterminated\n#!whos")]
    public void Strings_and_comments_hide_magics(string cell)
    {
        var segments = CellSplitter.Split(cell, MagicRegistry.Default);
        Assert.Collection(
            segments,
            segment => Assert.IsType<CodeSegment>(segment),
            segment => Assert.Equal("whos", Assert.IsType<MagicSegment>(segment).Name));
        Assert.Equal(cell.Length, segments[1].Start + segments[1].Length);
        Assert.Equal(cell.LastIndexOf("#!", StringComparison.Ordinal), segments[1].Start);
    }

    [Theory]
    [InlineData("%%time\nx", "#!time")]
    [InlineData("%time x", "#!time")]
    [InlineData("%timeit x + 1", "#!bench")]
    [InlineData("var a = 1;\n%%timeit -n 3\nx", "#!bench")]
    [InlineData("!pip install numpy", "#r \"nuget:")]
    [InlineData("!nvidia-smi", "#!device")]
    [InlineData("%matplotlib inline", "Chart.Line")]
    public void Habits_of_other_notebooks_are_answered(string cell, string advice)
    {
        var segments = CellSplitter.Split(cell, MagicRegistry.Default);
        var error = Assert.Throws<MagicException>(() => MagicRegistry.Default.Check(segments));
        Assert.Contains(advice, error.Message);
    }

    [Theory]
    [InlineData("var r = a\n%time;")]
    [InlineData("!ready")]
    [InlineData("!pip")]
    [InlineData("%unknown x")]
    [InlineData("var a = 1; // ends\n!git.IsClean")]
    public void Ordinary_operators_are_no_habits(string cell) =>
        Assert.IsType<CodeSegment>(Assert.Single(CellSplitter.Split(cell, MagicRegistry.Default)));

    [Fact]
    public void Positions_point_into_the_cell()
    {
        const string cell = "var a = 1;\r\n#!bench --name b\r\n\r\nx + 1\r\n#!csharp\r\ny";
        var segments = CellSplitter.Split(cell, MagicRegistry.Default);
        var bench = Assert.IsType<MagicSegment>(segments[1]);
        Assert.Equal("\r\nx + 1\r\n", bench.Body!.Text);
        Assert.Equal(bench.Body.Text, cell.Substring(bench.BodyStart, bench.Body.Text.Length));
        Assert.Equal((2, 3), (bench.FirstLine, bench.Body.FirstLine));
        var code = Assert.IsType<CodeSegment>(segments[2]);
        Assert.Equal(("y", cell.Length - 1, 6), (code.Code, code.CodeStart, code.CodeLine));
    }

    [Fact]
    public void Any_text_is_covered_once_and_in_order()
    {
        string[] parts =
        [
            "\n", "\r\n", "\r", "#!whos", "#!bench", "#!python a", "#!markdown", "#!csharp", "#!x", "#!compare", "#!time", "//% a", "\"", "\"\"\"", "@\"",
            "$\"{", "}", "/*", "*/", "//", "'", "\\", "x = 1;", " ", "%%time", "!pip install",
        ];
        var cells = Gen.Elements(parts).ListOf().Select(list => string.Concat(list)).ToArbitrary();
        Prop.ForAll(cells, cell =>
        {
            // A selector of C# with nothing below it leaves nothing to run.
            static bool IsEmpty(string text) => string.IsNullOrWhiteSpace(text.Replace("#!csharp", ""));
            var end = 0;
            foreach (var segment in CellSplitter.Split(cell, MagicRegistry.Default).OrderBy(segment => segment.Start))
            {
                // Line magics hoisted above a body lie within its stretch; all else only skips white space.
                if (segment.Start >= end)
                {
                    Assert.True(IsEmpty(cell[end..segment.Start]), $"lost: {cell[end..segment.Start]}");
                }
                else
                {
                    Assert.True(segment is MagicSegment { Body: null });
                }

                end = Math.Max(end, segment.Start + segment.Length);
            }

            Assert.True(IsEmpty(cell[end..]), $"lost: {cell[end..]}");
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Only_magics_between_statements_count()
    {
        string[] statements =
        [
            "var a = 1;", "var b = @\"\n#!whos\n\"\"\n#!whos\";", "var c = \"\"\"\n#!whos \" \"\"\n\"\"\";", "/*\n#!whos \" */", "// \"\"\" @\" /*",
            "var d = $@\"{\n1}\n#!whos\n{{\";", "var e = $$\"\"\"\"\n#!whos {{a}} \"\"\"\n\"\"\"\";", "var f = '\"';", "var g = '\\''; var h = \"\\\"\";",
            "var i = $\"{d[\"k\"]} {(b ? @\"\"\"\" : \"}\")} \\\"\";", "var j = \"\"\"\"\"a\"\"\"\"\";", "foo(@\"\", \"//\");",
        ];
        var cells = Gen.Elements([.. statements, "#!whos", "#!whos"]).ListOf().ToArbitrary();
        Prop.ForAll(cells, parts =>
        {
            var found = CellSplitter.Split(string.Join('\n', parts), MagicRegistry.Default).Count(segment => segment is MagicSegment);
            Assert.Equal(parts.Count(part => part == "#!whos"), found);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Deeply_nested_interpolation_does_not_exhaust_the_stack()
    {
        var cell = string.Concat(Enumerable.Repeat("$\"{", 100_000)) + "\n#!whos";
        Assert.NotEmpty(CellSplitter.Split(cell, MagicRegistry.Default));
    }
}
