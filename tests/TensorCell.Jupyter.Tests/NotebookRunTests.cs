using System.Diagnostics;
using System.Text.Json.Nodes;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary><c>tensorcell run</c> and the tool's other commands, as a user calls them.</summary>
public sealed class NotebookRunTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("tensorcell-run-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void A_notebook_runs_from_its_own_directory_and_every_output_is_written()
    {
        File.WriteAllText(InDirectory("data.txt"), "from a file");
        string notebook = Write("good.dib", """
            #!markdown

            # Title

            #!csharp

            var x = 20;
            var shown = display("old");

            #!csharp

            Console.WriteLine(System.IO.File.ReadAllText("data.txt"));
            x + 1

            #!csharp

            shown.Update("new");
            """);
        string executed = InDirectory("sub/out.ipynb");
        string page = InDirectory("out.html");
        (int code, string output) = Tool.Run("run", notebook, "--output", executed, "--output", page);
        Assert.True(code == 0, output);
        Assert.Contains("[3/3] shown.Update", output);
        Assert.Contains(page, output);
        NotebookDocument document = NotebookFile.Read(executed);
        Assert.Equal("csharp", document.Metadata["kernelspec"]!["language"]!.GetValue<string>());
        Assert.Contains("new", document.Cells[1].Outputs[0]["data"]!["text/plain"]!.GetValue<string>());
        Assert.Equal("from a file\n", document.Cells[2].Outputs[0]["text"]!.GetValue<string>());
        Assert.Equal("21", document.Cells[2].Outputs[1]["data"]!["text/plain"]!.GetValue<string>());
        Assert.Equal([null, 1, 2, 3], document.Cells.Select(cell => cell.ExecutionCount));
        Assert.Contains("<h1", File.ReadAllText(page));
    }

    [Fact]
    public void A_failing_cell_ends_the_run_with_1_names_itself_and_leaves_the_output_written()
    {
        string notebook = Write("bad.dib", """
            1 + 1
            #!csharp
            throw new InvalidOperationException("on purpose");
            #!csharp
            "never reached"
            """);
        string executed = InDirectory("out.ipynb");
        (int code, string output) = Tool.Run("run", notebook, "-o", executed);
        Assert.Equal(1, code);
        Assert.Contains("cell 2 of 3 failed: throw new", output);
        Assert.Contains("on purpose", output);
        NotebookDocument document = NotebookFile.Read(executed);
        Assert.Equal("error", document.Cells[1].Outputs[^1]["output_type"]!.GetValue<string>());
        Assert.Null(document.Cells[2].ExecutionCount);

        (code, _) = Tool.Run("run", notebook, "-o", executed, "--allow-errors");
        Assert.Equal(1, code);
        Assert.Equal(3, NotebookFile.Read(executed).Cells[2].ExecutionCount);
    }

    [Fact]
    public void A_cell_that_runs_too_long_is_interrupted()
    {
        string notebook = Write("slow.dib", "var x = 1;\n#!csharp\nwhile (true) x++;");
        string executed = InDirectory("out.ipynb");
        (int code, string output) = Tool.Run("run", notebook, "-o", executed, "--timeout", "5");
        Assert.Equal(1, code);
        Assert.Contains("longer than 5 s", output);
        Assert.Equal("Timeout", NotebookFile.Read(executed).Cells[1].Outputs[^1]["ename"]!.GetValue<string>());
    }

    [Fact]
    public void Ctrl_C_interrupts_the_cell_and_the_output_is_still_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        string notebook = Write("endless.dib", "\"done\"\n#!csharp\nwhile (true) ;");
        string executed = InDirectory("out.ipynb");
        using Process process = Process.Start(Tool.StartInfo("run", notebook, "-o", executed))!;
        try
        {
            Assert.Contains("[1/2]", process.StandardOutput.ReadLine());
            Thread.Sleep(300);
            Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
            Assert.True(
                process.WaitForExit(TimeSpan.FromSeconds(60)), "not interrupted; were the tests started by a shell that ignores SIGINT, with & say?");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("interrupted", process.StandardError.ReadToEnd());
        Assert.Contains("done", NotebookFile.Read(executed).Cells[0].Outputs[0]["data"]!["text/plain"]!.GetValue<string>());
    }

    [Fact]
    public void Parameters_are_declared_after_the_cell_tagged_for_them()
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(CellKind.Code, "var n = 1; var name = \"a\"; var ratio = 0.5; var flag = false;")
        {
            Metadata = new JsonObject { ["tags"] = new JsonArray("parameters") },
        });
        document.Cells.Add(new NotebookCell(CellKind.Code, "$\"{n + 1} {name} {ratio * 2} {!flag}\""));
        string notebook = InDirectory("parameters.ipynb");
        NotebookFile.Write(notebook, document);
        string executed = InDirectory("out.ipynb");
        (int code, string output) = Tool.Run(
            "run", notebook, "-o", executed, "-p", "n=41", "-p", "name=\"q\" \\ {x}", "-p", "ratio=1.25", "-p", "flag=false");
        Assert.True(code == 0, output);
        NotebookDocument read = NotebookFile.Read(executed);
        Assert.Equal(3, read.Cells.Count);
        Assert.Equal("42 \"q\" \\ {x} 2.5 True", read.Cells[2].Outputs[0]["data"]!["text/plain"]!.GetValue<string>());
    }

    [Fact]
    public void What_cannot_be_run_or_understood_ends_with_2()
    {
        string[][] wrong =
        [
            [], ["dance"], ["run"], ["run", "nowhere.ipynb"], ["run", Write("no.txt", "")], ["run", Write("bad.ipynb", "{")],
            ["run", "a.dib", "--output", "b.pdf"], ["run", "a.dib", "--timeout", "soon"], ["run", "a.dib", "--parameter", "x"],
            ["run", Write("ok.dib", "1"), "--parameter", "1x=2"], ["jupyter"], ["jupyter", "nowhere.json"],
            ["jupyter", Write("bad.json", "{}")], ["install", "--user", "--sys-prefix"], ["install", "--alias", "../escape"],
        ];
        foreach (string[] arguments in wrong)
        {
            (int code, string output) = Tool.Run(arguments);
            Assert.True(code == 2, $"tensorcell {string.Join(' ', arguments)} ended with {code}: {output}");
            Assert.DoesNotContain("Unhandled", output);
        }
    }

    [Fact]
    public void Every_command_explains_itself()
    {
        foreach (string[] command in (string[][])[[], ["run"], ["install"], ["device"], ["jupyter"]])
        {
            (int code, string output) = Tool.Run([.. command, "--help"]);
            Assert.Equal(0, code);
            Assert.Contains("Usage:", output);
        }
    }

    [Fact]
    public void Devices_are_listed_with_their_limits()
    {
        (int code, string output) = Tool.Run("device");
        Assert.Equal(0, code);
        Assert.Contains("cpu (default):", output);
        Assert.Contains("GFLOP/s", output);
    }

    private string InDirectory(string name) => Path.Combine(directory.FullName, name);

    private string Write(string name, string content)
    {
        File.WriteAllText(InDirectory(name), content);
        return InDirectory(name);
    }
}
