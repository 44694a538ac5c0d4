using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Interactive;
using TensorCell.Jupyter.Notebooks;
using TensorCell.Jupyter.Pages;

namespace TensorCell.Jupyter.Tests;

/// <summary>The exported page's text: what it keeps, what it takes out, what it needs.</summary>
public sealed partial class PageTests
{
    private static readonly Gen<string> markup = Gen.OneOf(
            Gen.Elements("<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "=", "\"", "'", " ", "\n", "`", "&lt;", "&#x3c;", "javascript:", "data:text/html,", "x"),
            Gen.Elements("script", "img", "svg", "a", "p", "iframe", "style", "b", "math", "textarea", "noscript", "template"),
            Gen.Elements("onerror", "onload", "href", "src", "srcdoc", "style", "formaction", "alert(1)", "id"))
        .ArrayOf().Select(parts => string.Concat(parts));

    [Fact]
    public void Plotly_is_in_a_page_once_and_only_when_it_has_a_chart()
    {
        Assert.SkipWhen(PlotlyBundle.Script is null, "the build had no npm to fetch plotly.js with");
        var start = PlotlyBundle.Script![..60];
        Assert.Equal(1, Count(PageSamples.Page(PageSamples.Notebook(PageSamples.Figures)), start));
        Assert.Equal(0, Count(PageSamples.Page(PageSamples.Notebook(42)), start));
    }

    [Fact]
    public void Sanitized_HTML_has_only_known_elements_and_harmless_attributes() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(markup.ToArbitrary(), html =>
        {
            var clean = HtmlSanitizer.Clean(html, _ => null);
            Assert.DoesNotMatch(Dangerous(), clean);
            foreach (Match tag in Tag().Matches(clean))
            {
                Assert.Matches(Known(), tag.Value);
            }

            Assert.Equal(clean, HtmlSanitizer.Clean(clean, _ => null));
        }));

    [Theory]
    [InlineData("<b>bold</b>", "<b>bold</b>")]
    [InlineData("a < b", "a &lt; b")]
    [InlineData("<script>x</script>after", "after")]
    [InlineData("<SCRIPT SRC=//x>y</SCRIPT >after", "after")]
    [InlineData("<img src=x onerror=alert(1)>", "<img>")]
    [InlineData("<a href=\"java\nscript:alert(1)\">x</a>", "<a>x</a>")]
    [InlineData("<a href='https://example.org/?a=1&amp;b=2'>x</a>", "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>")]
    [InlineData("</div></main>x", "x")]
    [InlineData("<div>open", "<div>open</div>")]
    [InlineData("<!-- <b> -->x", "x")]
    [InlineData("<details open><summary>s</summary>t</details>", "<details open=\"\"><summary>s</summary>t</details>")]
    public void HTML_in_Markdown_is_kept_without_what_runs(string html, string expected) => Assert.Equal(expected, HtmlSanitizer.Clean(html, _ => null));

    [Fact]
    public void Highlighting_changes_no_character() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
            Gen.OneOf(markup, ArbMap.Default.GeneratorFor<string>().Select(code => code ?? ""), Gen.Elements("var x = $\"{1}\"; // c", "#r \"nuget: X\"\n1", "#!time\nint F() => 1;", "if (", "\"unfinished")).ToArbitrary(),
            code =>
            {
                foreach (var language in (string[])["csharp", "python", "json", "sql", "cobol"])
                {
                    Assert.Equal(code.ReplaceLineEndings("\n"), WebUtility.HtmlDecode(Tag().Replace(CodeHtml.Highlight(code, language), "")));
                }
            }));

    [Fact]
    public void CSharp_is_coloured_as_the_compiler_reads_it()
    {
        var html = CodeHtml.Highlight("#!bench --runs 3\nvar text = \"hi\"; // note\nConsole.WriteLine(new List<int> { 1 });", "csharp");
        AssertHolds(
            html,
            "<span class=\"m\">#!bench --runs 3</span>",
            "<span class=\"k\">var</span>",
            "<span class=\"s\">&quot;hi&quot;</span>",
            "<span class=\"c\">// note</span>",
            "<span class=\"t\">Console</span>.<span class=\"f\">WriteLine</span>",
            "<span class=\"t\">List</span>",
            "<span class=\"n\">1</span>");
    }

    [Fact]
    public void A_section_in_another_language_is_coloured_as_that_language() =>
        Assert.Contains("<span class=\"k\">def</span>", CodeHtml.Highlight("#!python\ndef f(): pass", "csharp"));

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m plain", "<span class=\"a31\">red</span> plain")]
    [InlineData("\u001b[1;32mgo\u001b[22m on", "<span class=\"a1 a32\">go</span><span class=\"a32\"> on</span>")]
    [InlineData("10%\r50%\r100%\nend", "100%\nend")]
    [InlineData("\u001b[38;5;9mx\u001b[39my\u001b[2K", "<span class=\"a91\">x</span>y")]
    [InlineData("<b>", "&lt;b&gt;")]
    public void Terminal_colours_become_spans(string text, string expected) => Assert.Equal(expected, AnsiHtml.Render(text));

    [Fact]
    public void Outputs_take_their_richest_form()
    {
        var document = Notebook(
            NotebookOutput.Stream("stdout", "printed <b>\n"),
            NotebookOutput.Stream("stderr", "warned\n"),
            Data(("text/plain", "plain one"), ("text/html", "<i>rich</i>")),
            Data(("text/plain", "an image"), ("image/png", "iVBORw0KGgo=")),
            Data(("text/plain", "md"), ("text/markdown", "*soft*<script>x</script>")),
            Data(("text/latex", "$x<y$")),
            Data("application/json", new JsonObject { ["k"] = "<v>" }),
            NotebookOutput.Error(new Sessions.CellError("FormatException", "bad <x>", ["at line 1"])));
        document.Cells[0].ExecutionCount = 7;
        var page = PageSamples.Page(document);
        AssertHolds(
            page,
            "[7]",
            "<pre>printed &lt;b&gt;\n</pre>",
            "stderr",
            "<i>rich</i>");
        Assert.DoesNotContain("plain one", page);
        AssertHolds(
            page,
            "src=\"data:image/png;base64,iVBORw0KGgo=\"",
            "<em>soft</em></p>",
            "$x&lt;y$",
            "&lt;v&gt;",
            "FormatException");
        Assert.DoesNotContain("<script>x", page);
    }

    [Fact]
    public void A_figure_of_another_library_is_drawn_too()
    {
        var figure = JsonNode.Parse("{\"data\":[{\"y\":[1,2],\"name\":\"</script>\"}]}")!;
        var page = PageSamples.Page(Notebook(Data("application/vnd.plotly.v1+json", figure)));
        Assert.Contains("Plotly.newPlot(\"figure-1\"", page);
        Assert.DoesNotContain("\"</script>\"", page);
    }

    [Fact]
    public void Several_headings_make_a_table_of_contents()
    {
        string[] sections = ["# One & only\n## Two words\n", "## Two words\n[up](#Two-words)"];
        Assert.DoesNotContain("<nav", MarkdownPage(sections[0]));
        var page = MarkdownPage(sections);
        AssertHolds(
            page,
            "<title>One &amp; only</title>",
            "href=\"#Two-words\">Two words</a>",
            "id=\"Two-words-2\"");
    }

    [Fact]
    public void Markdown_keeps_tables_tasks_code_and_readable_math()
    {
        var page = MarkdownPage("| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n\n$a < b$\n\n$$\nE = mc^2\n$$\n\n```csharp\nvar x = 1;\n```\n");
        AssertHolds(
            page,
            "<td style=\"text-align: right;\">2</td>",
            "type=\"checkbox\" disabled checked",
            "<span class=\"math\">a &lt; b</span>",
            "<div class=\"math\">E = mc^2</div>",
            "<span class=\"k\">var</span>");
    }

    [Fact]
    public void Pictures_beside_the_notebook_and_attached_ones_are_taken_in_others_stay_out()
    {
        using var directory = new TemporaryDirectory();
        var folder = Directory.CreateDirectory(Path.Combine(directory.Path, "book")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "a.png"), [1, 2, 3]);
        File.WriteAllBytes(Path.Combine(directory.Path, "secret.png"), [1, 2, 3]);
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(
            CellKind.Markdown, "![one](a.png) ![two](../secret.png) ![three](https://example.org/x.png) ![four](attachment:b.png)")
        {
            Attachments = new JsonObject { ["b.png"] = new JsonObject { ["image/png"] = "BAUG" } },
        });
        var page = PageSamples.Page(document, folder);
        AssertHolds(
            page,
            "<img src=\"data:image/png;base64,AQID\" alt=\"one\">",
            "<img alt=\"two\">",
            "<img alt=\"three\">",
            "<img src=\"data:image/png;base64,BAUG\" alt=\"four\">");
    }

    [Fact]
    public void A_notebook_of_strange_outputs_is_written_all_the_same()
    {
        var document = Notebook(
            [],
            new JsonObject { ["output_type"] = 3, ["data"] = "x" },
            new JsonObject { ["output_type"] = "error" },
            new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["image/png"] = "\"><script>", ["text/html"] = 5 } });
        document.Metadata["kernelspec"] = "not an object";
        Assert.DoesNotContain("\"><script>", PageSamples.Page(document));
    }

    private static void AssertHolds(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            Assert.Contains(part, text);
        }
    }

    /// <summary>A notebook of one code cell with these outputs.</summary>
    private static NotebookDocument Notebook(params JsonObject[] outputs)
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(CellKind.Code, "x"));
        foreach (var output in outputs)
        {
            document.Cells[0].Outputs.Add(output);
        }

        return document;
    }

    private static string MarkdownPage(params string[] cells)
    {
        var document = new NotebookDocument();
        Array.ForEach(cells, cell => document.Cells.Add(new NotebookCell(CellKind.Markdown, cell)));
        return PageSamples.Page(document);
    }

    private static JsonObject Data(string type, JsonNode content) =>
        new() { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content } };

    private static JsonObject Data(params (string Type, string Content)[] entries) =>
        NotebookOutput.DisplayData(new MimeBundle(entries.ToDictionary(entry => entry.Type, entry => entry.Content)));

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("^</?(?:a|abbr|b|p|img)(?: [a-z]+=\"[^\"<>]*\")*>$")]
    private static partial Regex Known();

    [GeneratedRegex("<script|<iframe|<svg|<style|<[^>]*\\son\\w+=|<[^>]*(?:href|src)=\"\\s*(?:javascript|data:text)", RegexOptions.IgnoreCase)]
    private static partial Regex Dangerous();
}
