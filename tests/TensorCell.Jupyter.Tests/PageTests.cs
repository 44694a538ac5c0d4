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
        Assert.Contains("<span class=\"m\">#!bench --runs 3</span>", html);
        Assert.Contains("<span class=\"k\">var</span>", html);
        Assert.Contains("<span class=\"s\">&quot;hi&quot;</span>", html);
        Assert.Contains("<span class=\"c\">// note</span>", html);
        Assert.Contains("<span class=\"t\">Console</span>.<span class=\"f\">WriteLine</span>", html);
        Assert.Contains("<span class=\"t\">List</span>", html);
        Assert.Contains("<span class=\"n\">1</span>", html);
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
        var document = new NotebookDocument();
        var cell = new NotebookCell(CellKind.Code, "x") { ExecutionCount = 7 };
        cell.Outputs.Add(NotebookOutput.Stream("stdout", "printed <b>\n"));
        cell.Outputs.Add(NotebookOutput.Stream("stderr", "warned\n"));
        cell.Outputs.Add(Data(("text/plain", "plain one"), ("text/html", "<i>rich</i>")));
        cell.Outputs.Add(Data(("text/plain", "an image"), ("image/png", "iVBORw0KGgo=")));
        cell.Outputs.Add(Data(("text/plain", "md"), ("text/markdown", "*soft*<script>x</script>")));
        cell.Outputs.Add(Data(("text/latex", "$x<y$")));
        cell.Outputs.Add(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["application/json"] = new JsonObject { ["k"] = "<v>" } } });
        cell.Outputs.Add(NotebookOutput.Error(new Sessions.CellError("FormatException", "bad <x>", ["at line 1"])));
        document.Cells.Add(cell);
        var page = PageSamples.Page(document);

        Assert.Contains("[7]", page);
        Assert.Contains("<pre>printed &lt;b&gt;\n</pre>", page);
        Assert.Contains("stderr", page);
        Assert.Contains("<i>rich</i>", page);
        Assert.DoesNotContain("plain one", page);
        Assert.Contains("src=\"data:image/png;base64,iVBORw0KGgo=\"", page);
        Assert.Contains("<em>soft</em></p>", page);
        Assert.Contains("$x&lt;y$", page);
        Assert.Contains("&lt;v&gt;", page);
        Assert.Contains("FormatException", page);
        Assert.DoesNotContain("<script>x", page);
    }

    [Fact]
    public void A_figure_of_another_library_is_drawn_too()
    {
        var document = new NotebookDocument();
        var cell = new NotebookCell(CellKind.Code, "fig.show()");
        cell.Outputs.Add(new JsonObject
        {
            ["output_type"] = "display_data",
            ["data"] = new JsonObject { ["application/vnd.plotly.v1+json"] = JsonNode.Parse("{\"data\":[{\"y\":[1,2],\"name\":\"</script>\"}]}") },
        });
        document.Cells.Add(cell);
        var page = PageSamples.Page(document);
        Assert.Contains("Plotly.newPlot(\"figure-1\"", page);
        Assert.DoesNotContain("\"</script>\"", page);
    }

    [Fact]
    public void Several_headings_make_a_table_of_contents()
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(CellKind.Markdown, "# One & only\n## Two words\n"));
        Assert.DoesNotContain("<nav", PageSamples.Page(document));
        document.Cells.Add(new NotebookCell(CellKind.Markdown, "## Two words\n[up](#Two-words)"));
        var page = PageSamples.Page(document);
        Assert.Contains("<title>One &amp; only</title>", page);
        Assert.Contains("href=\"#Two-words\">Two words</a>", page);
        Assert.Contains("id=\"Two-words-2\"", page);
    }

    [Fact]
    public void Markdown_keeps_tables_tasks_code_and_readable_math()
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(CellKind.Markdown, "| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n\n$a < b$\n\n$$\nE = mc^2\n$$\n\n```csharp\nvar x = 1;\n```\n"));
        var page = PageSamples.Page(document);
        Assert.Contains("<td style=\"text-align: right;\">2</td>", page);
        Assert.Contains("type=\"checkbox\" disabled checked", page);
        Assert.Contains("<span class=\"math\">a &lt; b</span>", page);
        Assert.Contains("<div class=\"math\">E = mc^2</div>", page);
        Assert.Contains("<span class=\"k\">var</span>", page);
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
        Assert.Contains("<img src=\"data:image/png;base64,AQID\" alt=\"one\">", page);
        Assert.Contains("<img alt=\"two\">", page);
        Assert.Contains("<img alt=\"three\">", page);
        Assert.Contains("<img src=\"data:image/png;base64,BAUG\" alt=\"four\">", page);
    }

    [Fact]
    public void A_notebook_of_strange_outputs_is_written_all_the_same()
    {
        var document = new NotebookDocument();
        var cell = new NotebookCell(CellKind.Code, "");
        cell.Outputs.Add([]);
        cell.Outputs.Add(new JsonObject { ["output_type"] = 3, ["data"] = "x" });
        cell.Outputs.Add(new JsonObject { ["output_type"] = "error" });
        cell.Outputs.Add(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["image/png"] = "\"><script>", ["text/html"] = 5 } });
        document.Cells.Add(cell);
        document.Metadata["kernelspec"] = "not an object";
        Assert.DoesNotContain("\"><script>", PageSamples.Page(document));
    }

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
