using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TensorCell.Interactive;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary>Notebooks that ask for packages, run by the tool with a NuGet cache in which there was nothing.</summary>
[Collection(nameof(PackageCollection))]
public sealed class PackageNotebookTests(PackageFixture fixture)
{
    [Fact]
    public void The_built_in_package_needs_no_source_and_says_so()
    {
        string folder = fixture.CreateFolder("built-in");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        string[] texts = Run(folder, "#r \"nuget: TensorCell.Interactive\"\nTensor.Linspace(0, 1, 5).Sum()");
        Assert.Contains($"TensorCell.Interactive {fixture.Version} is built in", texts[0]);
        Assert.Contains("2.5", texts[0]);
    }

    [Fact]
    public void The_package_is_restored_when_that_is_wanted_and_remembered()
    {
        string folder = fixture.CreateFolder("restored");
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"needed\" value=\"{fixture.Needed}\" /></packageSources></configuration>");
        string cell = $"#i \"nuget: {Path.GetRelativePath(folder, fixture.Packages)}\"\n#r \"nuget:TensorCell.Interactive\"\nTensor.Linspace(0, 1, 5).Sum()";
        ProcessStartInfo Prepare(ProcessStartInfo start)
        {
            start.Environment["TENSORCELL_RESTORE"] = "all";
            return start;
        }

        string first = Run(folder, Prepare, cell)[0];
        Assert.Contains($"Installed TensorCell.Interactive {fixture.Version} in ", first);
        Assert.Contains("2.5", first);
        Assert.True(Directory.Exists(Path.Combine(fixture.Cache, "tensorcell.kernels")));
        string second = Run(folder, Prepare, cell)[0];
        Assert.Contains($"Installed TensorCell.Interactive {fixture.Version}\n", second + "\n");
        Assert.DoesNotContain($"{fixture.Version} in ", second);
    }

    [Fact]
    public void A_package_brings_native_code_magics_and_a_script()
    {
        string compiler = Programs.Find("gcc", "cc") ?? "";
        Assert.SkipUnless(compiler.Length > 0 && OperatingSystem.IsLinux(), "no C compiler to make a native library with");
        string folder = fixture.CreateFolder("native");
        PackNative(folder, compiler);

        string[] texts = Run(
            folder,
            """
            #r "nuget: Tiny, 1.2.*"
            Tiny.Native.Add(40, 2)
            """,
            "#!tiny --times 3",
            "fromTheScript",
            """
            [System.Runtime.InteropServices.DllImport("tiny")]
            static extern int tiny_add(int a, int b);
            tiny_add(1, 2)
            """);

        Assert.Contains("Installed Tiny 1.2.3 in ", texts[0]);
        Assert.Contains("Tiny brings #!tiny", texts[0]);
        Assert.Contains("42", texts[0]);
        Assert.Contains("tiny tiny tiny", texts[1]);
        Assert.Contains("ran with Tiny", texts[2]);
        Assert.Contains("3", texts[3]);
    }

    [Fact]
    public void What_cannot_be_had_is_named_with_what_there_is()
    {
        string folder = fixture.CreateFolder("missing");
        string[] texts = Run(
            folder,
            mayFail: true,
            "#r \"nuget: TensorCell.Interactve\"",
            "#r \"nuget: tensorcell, 77.0.0\"",
            "#r \"nuget: TensorCell.Data, 77.0.0\"",
            "#i \"nuget: no/such/folder\"",
            "#r \"nuget: Some Package\"",
            "#r \"nuget: Some.Package, one\"",
            "#r \"nuget: A, 1.0\"\n#r \"nuget: A, 2.0\"",
            "\"goes on\"");
        Assert.Contains($"there is no package TensorCell.Interactve in {fixture.Sources}; did you mean TensorCell.Interactive?", texts[0]);
        Assert.Contains($"there is no tensorcell >= 77.0.0 in {fixture.Sources}; the nearest is {fixture.Version}", texts[1]);
        Assert.Contains($"built into this kernel, in version {fixture.Version}", texts[2]);
        Assert.Contains($"there is no folder {Path.Combine(folder, "no/such/folder")}", texts[3]);
        Assert.Contains("Some Package is no package's name", texts[4]);
        Assert.Contains("one is no version", texts[5]);
        Assert.Contains("asks for A in the versions 1.0 and 2.0", texts[6]);
        Assert.Contains("goes on", texts[7]);
    }

    [Fact]
    public void A_native_library_among_a_packages_extensions_leaves_the_notebook_usable()
    {
        string folder = fixture.CreateFolder("native-extension");
        Make(folder, "Odd", ("odd.dll", "MZ, and nothing that .NET could read"));
        string[] texts = Run(folder, "#i \"nuget: made\"\n#r \"nuget: Odd\"\n1", "int later = 41;\nlater + 1");
        Assert.Contains("Installed Odd 1.0.0 in ", texts[0]);
        Assert.Contains("42", texts[1]);
    }

    [Fact]
    public async Task A_file_that_is_no_assembly_cannot_break_the_chain_of_cells()
    {
        using var folder = new TemporaryDirectory();
        string file = Path.Combine(folder.Path, "odd.dll");
        File.WriteAllText(file, "MZ, and nothing that .NET could read");
        var session = new CSharpSession([]);
        Assert.Contains("odd.dll", (await Assert.ThrowsAsync<CodeException>(() => session.ReferAsync([file]))).Message);
        Assert.Equal(2, await session.RunAsync(session.Compile("1 + 1", "cell")));
    }

    [Fact]
    public void A_source_that_does_not_answer_is_named_and_not_kept()
    {
        string folder = fixture.CreateFolder("silent");
        Make(folder, "Plain");
        ProcessStartInfo Prepare(ProcessStartInfo start)
        {
            start.Environment["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1";
            return start;
        }

        string[] texts = Run(
            folder,
            Prepare,
            mayFail: true,
            ["#i \"nuget: https://127.0.0.1:1/index.json\"\n#r \"nuget: Plain\"", "#i \"nuget: made\"\n#r \"nuget: Plain\"\n\"goes on\""]);
        Assert.Contains("https://127.0.0.1:1/index.json gives no answer", texts[0]);
        Assert.Contains("restart", texts[0]);
        Assert.Contains("Installed Plain 1.0.0 in ", texts[1]);
        Assert.Contains("goes on", texts[1]);
    }

    [Theory]
    [InlineData("#r \"nuget: Plain, 1.0.0-*\"")]
    [InlineData("#r \"nuget: Plain, 0.9.*\"")]
    [InlineData("#r \"nuget: Plain\"\n#r \"nuget: plain\"")]
    public void What_was_answered_is_answered_again(string request)
    {
        string folder = fixture.CreateFolder(Guid.NewGuid().ToString());
        Make(folder, "Plain");
        string[] texts = Run(folder, $"#i \"nuget: made\"\n{request}", $"{request}\n\"goes on\"");
        Assert.Contains("Installed Plain 1.0.0 in ", texts[0]);
        Assert.Equal("goes on", texts[1]);
    }

    [Fact]
    public void A_packages_script_can_be_interrupted_and_runs_again_when_it_is_asked_for_again()
    {
        string folder = fixture.CreateFolder("slow");
        Make(folder, "Slow", ("extension.dib", """
            #!csharp

            using System.Reflection;
            if (!File.Exists("once"))
            {
                File.WriteAllText("once", "");
                Type run = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType("TensorCell.Jupyter.Sessions.CellRun")).First(type => type is not null);
                run.GetMethod("Interrupt").Invoke(run.GetProperty("Current").GetValue(null), null);
                System.Threading.Thread.Sleep(-1);
            }

            var fromTheScript = "it ran";
            """));
        string cell = "#i \"nuget: made\"\n#r \"nuget: Slow\"";
        string[] texts = Run(folder, mayFail: true, cell, cell, "fromTheScript");
        Assert.Contains("Slow: interrupted after", texts[0]);
        Assert.DoesNotContain("left behind", texts[0]);
        Assert.Contains("Installed Slow 1.0.0", texts[1]);
        Assert.Equal("it ran", texts[2]);
    }

    [Fact]
    public async Task An_installation_can_be_interrupted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string folder = fixture.CreateFolder("interrupted");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="silent" value="http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/v3/index.json" allowInsecureConnections="true" />
              </packageSources>
            </configuration>
            """);
        string notebook = Write(folder, "#r \"nuget: Some.Package\"");
        using Process tool = Process.Start(Prepare(folder, "run", notebook, "--output", "out.ipynb"))!;
        using TcpClient connection = await silent.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(60));
        string[] children = Children(tool.Id);
        Assert.NotEmpty(children);
        Process.Start("kill", ["-INT", $"{tool.Id}"]).WaitForExit();
        Assert.True(tool.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("Some.Package: interrupted after", Texts(Path.Combine(folder, "out.ipynb"))[0]);
        Wait.Until(() => !children.Any(child => Directory.Exists($"/proc/{child}")));
    }

    private static string[] Children(int process) =>
        [.. Directory.EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Makes a package of version 1.0.0 in the folder "made", of files for notebooks only.</summary>
    private static void Make(string folder, string name, params (string Name, string Text)[] files)
    {
        string made = Directory.CreateDirectory(Path.Combine(folder, "made")).FullName;
        using ZipArchive archive = ZipFile.Open(Path.Combine(made, $"{name}.1.0.0.nupkg"), ZipArchiveMode.Create);
        string description = $"<package><metadata><id>{name}</id><version>1.0.0</version><authors>test</authors><description>test</description></metadata></package>";
        foreach ((string path, string text) in files.Select(file => ($"interactive-extensions/dotnet/{file.Name}", file.Text)).Append(($"{name}.nuspec", description)))
        {
            using var writer = new StreamWriter(archive.CreateEntry(path).Open());
            writer.Write(text);
        }
    }

    private void PackNative(string folder, string compiler)
    {
        string source = Directory.CreateDirectory(Path.Combine(folder, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "tiny.c"), "int tiny_add(int a, int b) { return a + b; }\n");
        Process.Start(compiler, ["-shared", "-fPIC", "-o", Path.Combine(source, "libtiny.so"), Path.Combine(source, "tiny.c")]).WaitForExit();
        File.WriteAllText(Path.Combine(source, "extension.dib"), "#!markdown\n\nText.\n\n#!csharp\n\nvar fromTheScript = \"ran with \" + nameof(Tiny);\n");
        File.WriteAllText(Path.Combine(source, "Tiny.cs"), """
            using System.Linq;
            using System.Runtime.InteropServices;
            using System.Threading.Tasks;
            using TensorCell.Interactive;
            using TensorCell.Interactive.Magics;

            namespace Tiny;

            public static class Native
            {
                public static int Add(int a, int b) => tiny_add(a, b);

                [DllImport("tiny")]
                private static extern int tiny_add(int a, int b);
            }

            [Magic("tiny", "Says tiny")]
            public sealed class TinyMagic : LineMagic
            {
                [Option("how often")]
                public int Times { get; set; } = 1;

                public override Task RunAsync(INotebook notebook)
                {
                    notebook.Display(MimeBundle.PlainText(string.Join(' ', Enumerable.Repeat("tiny", Times))));
                    return Task.CompletedTask;
                }
            }
            """);
        File.WriteAllText(Path.Combine(source, "Tiny.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Version>1.2.3</Version>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TensorCell.Interactive" Version="{fixture.Version}" />
                <None Include="libtiny.so" Pack="true" PackagePath="runtimes/{RuntimeInformation.RuntimeIdentifier}/native/" />
                <None Include="extension.dib" Pack="true" PackagePath="interactive-extensions/dotnet/" />
              </ItemGroup>
            </Project>
            """);

        // Beside the solution's packages, where the notebook's configuration finds it.
        fixture.Dotnet(source, "pack", "Tiny.csproj", "-o", Path.Combine(folder, "made"), "-v", "quiet");
        string configuration = Path.Combine(folder, "nuget.config");
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("<clear />", "<clear /><add key=\"made\" value=\"made\" />", StringComparison.Ordinal));
    }

    private string[] Run(string folder, params string[] cells) => Run(folder, mayFail: false, cells);

    private string[] Run(string folder, bool mayFail, params string[] cells) => Run(folder, start => start, mayFail, cells);

    private string[] Run(string folder, Func<ProcessStartInfo, ProcessStartInfo> prepare, params string[] cells) => Run(folder, prepare, false, cells);

    /// <summary>Runs a notebook.</summary>
    /// <returns>The text of each cell's outputs.</returns>
    private string[] Run(string folder, Func<ProcessStartInfo, ProcessStartInfo> prepare, bool mayFail, string[] cells)
    {
        string notebook = Write(folder, cells);
        (int code, string output) = Tool.Run(prepare(Prepare(folder, "run", notebook, "--output", "out.ipynb", "--allow-errors")));
        string[] texts = Texts(Path.Combine(folder, "out.ipynb"));
        Assert.True(mayFail || code == 0, output + string.Join('\n', texts));
        return texts;
    }

    private ProcessStartInfo Prepare(string folder, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = fixture.Prepare(Tool.StartInfo(arguments), folder);
        start.Environment["TENSORCELL_CACHE"] = Path.Combine(folder, "remembered");
        return start;
    }

    private static string Write(string folder, params string[] cells)
    {
        var document = new NotebookDocument();
        document.Cells.AddRange(cells.Select(cell => new NotebookCell(CellKind.Code, cell)));
        NotebookFile.Write(Path.Combine(folder, "notebook.ipynb"), document);
        return "notebook.ipynb";
    }

    private static string[] Texts(string notebook) =>
        [.. NotebookFile.Read(notebook).Cells.Select(cell => string.Join('\n', cell.Outputs.Select(output =>
            output["data"]?["text/plain"]?.GetValue<string>() ?? output["evalue"]?.GetValue<string>() ?? output["text"]?.GetValue<string>())))];
}
