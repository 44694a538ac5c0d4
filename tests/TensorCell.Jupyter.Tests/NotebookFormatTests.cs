using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

public class NotebookFormatTests
{
    private static readonly Gen<string> text = ArbMap.Default.GeneratorFor<string>()
        .Select(value => new string([.. (value ?? "").Where(letter => !char.IsSurrogate(letter))]));

    private static readonly Gen<string> lines = text.ListOf().Select(parts => string.Join('\n', parts));

    private static readonly Gen<NotebookDocument> documents =
        from cells in CellsOf(lines)
        from title in text
        select Document(cells, new JsonObject { ["title"] = title, ["unknown"] = new JsonObject { ["kept"] = 1 } });

    [Fact]
    public void An_ipynb_written_and_read_again_is_the_same()
    {
        Prop.ForAll(documents.ToArbitrary(), document => Describe(RoundTrip(document)) == Describe(document))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_dib_written_and_read_again_has_the_same_cells()
    {
        // A line that looks like a directive begins a cell in this format, and blank lines around a cell belong to nobody.
        Gen<string> source = lines.Select(value => value.Replace("#!", "#").Replace("\r", "").Trim('\n'));
        Gen<NotebookDocument> plain = CellsOf(source).Select(cells => Document(
            cells.Select(cell => new NotebookCell(cell.Kind, cell.Source)),
            new JsonObject { [DibFormat.MetadataKey] = new JsonObject { ["kernelInfo"] = new JsonObject { ["defaultKernelName"] = "csharp" } } }));
        Prop.ForAll(plain.ToArbitrary(), document =>
        {
            using var stream = new MemoryStream();
            DibFormat.Write(document, stream);
            return Describe(DibFormat.Parse(stream.ToArray())) == Describe(document);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_form_that_format_4_allows_is_read()
    {
        NotebookDocument document = IpynbFormat.Parse("""
            {"nbformat": 4, "nbformat_minor": 2, "metadata": {"kernelspec": {"name": "x"}, "extra": [1, {"deep": null}]}, "cells": [
              {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"], "attachments": {"a.png": {"image/png": "AA=="}}},
              {"cell_type": "code", "execution_count": 3, "metadata": {"tags": ["t"]}, "source": "1 + 1", "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
                {"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": {"text/plain": ["2"], "application/json": [1, 2]}},
                {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["one", "two"]}]},
              {"cell_type": "code", "execution_count": null, "metadata": {}, "source": [], "outputs": []},
              {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": "<b>"}]}
            """u8);
        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Code, CellKind.Raw], document.Cells.Select(cell => cell.Kind));
        Assert.Equal("# Title\ntext", document.Cells[0].Source);
        Assert.NotNull(document.Cells[0].Attachments!["a.png"]);
        NotebookCell code = document.Cells[1];
        Assert.Equal(3, code.ExecutionCount);
        Assert.Equal("a\nb", code.Outputs[0]["text"]!.GetValue<string>());
        Assert.Equal("2", code.Outputs[1]["data"]!["text/plain"]!.GetValue<string>());
        Assert.Equal(2, code.Outputs[1]["data"]!["application/json"]!.AsArray().Count);
        string written = Written(document);
        Assert.Contains("\"nbformat_minor\": 2", written);
        Assert.DoesNotContain("\"id\"", written);
        Assert.Contains("\"a\\n\",", written);
        Assert.Equal(Describe(document), Describe(IpynbFormat.Parse(Encoding.UTF8.GetBytes(written))));
    }

    [Fact]
    public void A_dib_becomes_the_newest_minor_version_with_the_same_ids_each_time()
    {
        NotebookDocument document = DibFormat.Parse("#!csharp\n\n1\n\n#!markdown\n\ntext\n\n#!csharp\n\n2\n"u8);
        NotebookDocument read = IpynbFormat.Parse(Encoding.UTF8.GetBytes(Written(document)));
        Assert.Equal(5, read.MinorVersion);
        Assert.Equal(["cell-1", "cell-2", "cell-3"], read.Cells.Select(cell => cell.Id));
    }

    [Fact]
    public void A_given_id_is_none_that_another_cell_has()
    {
        var document = new NotebookDocument { Cells = { new NotebookCell(CellKind.Code, "a"), new NotebookCell(CellKind.Code, "b") { Id = "cell-1" } } };
        NotebookDocument read = RoundTrip(document);
        Assert.Equal("cell-1", read.Cells[1].Id);
        Assert.Distinct(read.Cells.Select(cell => cell.Id));
    }

    [Fact]
    public void Ids_are_kept_and_missing_ones_given_when_the_notebook_has_any()
    {
        var document = new NotebookDocument { Cells = { new NotebookCell(CellKind.Code, "a") { Id = "kept" }, new NotebookCell(CellKind.Code, "b") } };
        NotebookDocument read = RoundTrip(document);
        Assert.Equal("kept", read.Cells[0].Id);
        Assert.NotEqual("", read.Cells[1].Id);
        Assert.Contains("\"nbformat_minor\": 5", Written(document));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("not json", "not valid JSON")]
    [InlineData("[]", "must be an object, found a list")]
    [InlineData("{}", "'nbformat' is missing")]
    [InlineData("""{"nbformat": 3, "worksheets": []}""", "nbconvert")]
    [InlineData("""{"nbformat": "4", "cells": []}""", "whole number")]
    [InlineData("""{"nbformat": 4}""", "'cells' must be a list")]
    [InlineData("""{"nbformat": 4, "cells": [7]}""", "cell 1 must be an object")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "heading", "source": ""}]}""", "cell 1: cell_type 'heading'")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": [["x"]]}]}""", "cell 1: source must be text")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [{}]}]}""", "cell 1, output 1: output_type")]
    [InlineData("""{"nbformat": 4, "nbformat": 4, "cells": []}""", "not valid JSON")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\ud800"}]}""", "not valid JSON text")]
    [InlineData("""{"nbformat": 4, "metadata": {"\ud800": 1}, "cells": []}""", "not valid JSON")]
    public void A_file_that_is_no_notebook_is_refused_with_what_was_found(string json, string reason)
    {
        var error = Assert.Throws<NotebookFormatException>(() => IpynbFormat.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string json = $$"""{"nbformat": 4, "metadata": {"a": {{new string('[', 100_000)}}{{new string(']', 100_000)}}}, "cells": []}""";
        Assert.Throws<NotebookFormatException>(() => IpynbFormat.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_and_nothing_else()
    {
        byte[] ipynb = Encoding.UTF8.GetBytes(Written(Sample()));
        using var stream = new MemoryStream();
        DibFormat.Write(Sample(), stream);
        byte[] dib = stream.ToArray();
        Gen<(int At, byte Value, int Length)> damage =
            from at in Gen.Choose(0, ipynb.Length - 1)
            from value in Gen.Choose(0, 255)
            from length in Gen.Choose(0, ipynb.Length)
            select (at, (byte)value, length);
        Prop.ForAll(damage.ListOf().ToArbitrary(), changes =>
        {
            Check(Damage(ipynb, changes), bytes => IpynbFormat.Parse(bytes));
            Check(Damage(dib, changes), bytes => DibFormat.Parse(bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_dib_is_cut_at_the_directives_of_languages_and_only_there()
    {
        NotebookDocument document = DibFormat.Parse("""
            first cell
            #!meta

            {"kernelInfo":{"defaultKernelName":"csharp","items":[{"name":"mine","aliases":["other"]}]}}

            #!csharp

            #!time
            var x = "#!html";

            #!markdown

            # Title

            #!html

            <b>bold</b>
            #!other
            whatever
            #!csharp
            """u8);
        Assert.Equal(
            ["first cell", "#!time\nvar x = \"#!html\";", "# Title", "#!html\n<b>bold</b>", "#!other\nwhatever", ""],
            document.Cells.Select(cell => cell.Source));
        Assert.Equal(CellKind.Markdown, document.Cells[2].Kind);
        Assert.Equal("csharp", document.Metadata[DibFormat.MetadataKey]!["kernelInfo"]!["defaultKernelName"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("#!meta\n[1]", "JSON object")]
    [InlineData("#!meta\n{", "not valid JSON")]
    [InlineData("#!csharp\n\u00ff", "not UTF-8")]
    public void A_damaged_dib_is_refused_with_what_was_found(string content, string reason)
    {
        var error = Assert.Throws<NotebookFormatException>(() => DibFormat.Parse(Encoding.Latin1.GetBytes(content)));
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void A_cell_marked_by_VS_Code_as_another_language_runs_in_it()
    {
        NotebookCell Cell(string json) => new(CellKind.Code, "x") { Metadata = JsonNode.Parse(json)!.AsObject() };
        Assert.Equal("#!html\nx", Cell("""{"polyglot_notebook": {"kernelName": "html"}}""").RunnableSource);
        Assert.Equal("#!javascript\nx", Cell("""{"dotnet_interactive": {"language": "javascript"}}""").RunnableSource);
        Assert.Equal("x", Cell("""{"polyglot_notebook": {"kernelName": "csharp"}}""").RunnableSource);
        Assert.Equal("x", Cell("""{"polyglot_notebook": {"kernelName": 7}}""").RunnableSource);
        Assert.Equal("x", Cell("""{"polyglot_notebook": []}""").RunnableSource);
    }

    [Fact]
    public void Files_are_told_apart_by_their_names_and_replaced_whole()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("tensorcell-notebook-");
        string path = Path.Combine(directory.FullName, "a.IPYNB");
        NotebookFile.Write(path, Sample());
        NotebookFile.Write(path, Sample());
        Assert.Equal(Describe(Sample()), Describe(NotebookFile.Read(path)));
        Assert.Single(directory.GetFiles());
        Assert.Contains(".ipynb or .dib", Assert.Throws<NotebookFormatException>(() => NotebookFile.Read("a.txt")).Message);
        File.WriteAllText(path, "{");
        Assert.Contains(path, Assert.Throws<NotebookFormatException>(() => NotebookFile.Read(path)).Message);
        directory.Delete(recursive: true);
    }

    private static Gen<List<NotebookCell>> CellsOf(Gen<string> sources) =>
        (from kind in Gen.Elements(CellKind.Code, CellKind.Markdown, CellKind.Raw)
         from source in sources
         from output in text
         from count in Gen.Choose(0, 3)
         select Cell(kind, source, output, count)).ListOf().Select(cells => cells.ToList());

    private static NotebookCell Cell(CellKind kind, string source, string output, int count)
    {
        var cell = new NotebookCell(kind, source) { Metadata = new JsonObject { ["tag"] = output } };
        if (kind == CellKind.Code && count > 0)
        {
            cell.ExecutionCount = count;
            cell.Outputs.Add(NotebookOutput.Stream("stdout", output));
            cell.Outputs.Add(NotebookOutput.DisplayData(new(new Dictionary<string, string> { ["text/plain"] = output, ["application/json"] = "[1]" })));
        }

        return cell;
    }

    private static NotebookDocument Document(IEnumerable<NotebookCell> cells, JsonObject metadata)
    {
        var document = new NotebookDocument { Metadata = metadata };
        document.Cells.AddRange(cells);
        return document;
    }

    private static NotebookDocument Sample() => Document(
        [Cell(CellKind.Code, "var x = 1;\nx", "out\nput", 2), Cell(CellKind.Markdown, "# Title", "", 0), Cell(CellKind.Code, "#!html\n<b>", "", 0)],
        new JsonObject { ["title"] = "sample" });

    private static string Written(NotebookDocument document)
    {
        using var stream = new MemoryStream();
        IpynbFormat.Write(document, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static NotebookDocument RoundTrip(NotebookDocument document) => IpynbFormat.Parse(Encoding.UTF8.GetBytes(Written(document)));

    private static string Describe(NotebookDocument document) => document.Metadata.ToJsonString() + string.Concat(document.Cells.Select(cell =>
        $"\n{cell.Kind} {cell.ExecutionCount} {cell.Metadata.ToJsonString()} {JsonValue.Create(cell.Source)?.ToJsonString()} "
        + string.Concat(cell.Outputs.Select(output => output.ToJsonString()))));

    private static byte[] Damage(byte[] bytes, IEnumerable<(int At, byte Value, int Length)> changes)
    {
        byte[] damaged = [.. bytes];
        foreach ((int at, byte value, int length) in changes)
        {
            if (at < damaged.Length)
            {
                damaged[at] = value;
            }

            if (length > bytes.Length * 9 / 10)
            {
                damaged = damaged[..Math.Min(damaged.Length, length)];
            }
        }

        return damaged;
    }

    private static void Check(byte[] bytes, Func<byte[], NotebookDocument> parse)
    {
        try
        {
            // What was accepted must also be writable.
            NotebookDocument document = parse(bytes);
            Written(document);
            using var stream = new MemoryStream();
            DibFormat.Write(document, stream);
        }
        catch (NotebookFormatException)
        {
            // The one error that a damaged file may cause.
        }
    }
}
