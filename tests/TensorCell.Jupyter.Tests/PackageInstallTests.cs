using System.Diagnostics;

namespace TensorCell.Jupyter.Tests;

/// <summary>The packages installed by the SDK into empty folders, as a user does who has nothing else.</summary>
[Collection(nameof(PackageCollection))]
public sealed class PackageInstallTests(PackageFixture fixture, ITestOutputHelper output)
{
    private const string Cell = """
        #!csharp

        Console.WriteLine(typeof(Tensor).Assembly.Location);
        Console.WriteLine($"ONNX Runtime: {OnnxRuntime.IsAvailable}");
        Chart.Line(Tensor.Linspace(0, 1, 5).ToArray<float>())
        """;

    [Fact]
    public void The_tool_installed_into_a_folder_runs_notebooks_and_serves_Jupyter()
    {
        string folder = fixture.CreateFolder("tool");
        string bin = Path.Combine(folder, "bin");
        fixture.Dotnet(folder, "tool", "install", "tensorcell", "--add-source", fixture.Packages, "--tool-path", bin);
        string tool = Path.Combine(bin, OperatingSystem.IsWindows() ? "tensorcell.exe" : "tensorcell");

        RunsANotebook(folder, arguments => fixture.Prepare(new ProcessStartInfo(tool, arguments), folder), bin);
        Assert.Contains("cpu (default)", Tool.Succeed(fixture.Prepare(new ProcessStartInfo(tool, ["device"]), folder)));

        using var client = new ClientFixture(fixture.Prepare(new ProcessStartInfo(tool), folder));
        string kernel = File.ReadAllText(Path.Combine(client.Environment["JUPYTER_PATH"], "kernels", "tensorcell", "kernel.json"));
        Assert.Contains(tool, kernel);
        PythonClient.Need("jupyter_client");
        output.WriteLine(client.Check("execute"));
    }

    [Fact]
    public void The_tool_of_a_manifest_runs_notebooks_and_serves_Jupyter()
    {
        string folder = fixture.CreateFolder("manifest");
        fixture.Dotnet(folder, "new", "tool-manifest");
        fixture.Dotnet(folder, "tool", "install", "tensorcell", "--add-source", fixture.Packages);

        RunsANotebook(folder, arguments => fixture.StartInfo(folder, ["tensorcell", .. arguments]), fixture.Cache);
        using var client = new ClientFixture(fixture.StartInfo(folder, "tensorcell"));
        PythonClient.Need("jupyter_client");
        output.WriteLine(client.Check("execute"));
    }

    [Fact]
    public void The_library_is_all_that_a_program_needs_to_draw_a_chart()
    {
        string folder = fixture.CreateFolder("program");
        File.WriteAllText(Path.Combine(folder, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TensorCell.Interactive" Version="{fixture.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using TensorCell.Interactive;
            using TensorCell.Tensors;

            Figure figure = Chart.Line(Tensor.Linspace(0, 1, 5).ToArray<float>());
            System.Console.WriteLine(string.Join(' ', MimeBundles.Of(figure).Data.Keys));
            System.Console.WriteLine($"ONNX Runtime: {TensorCell.Inference.OnnxRuntime.IsAvailable}");
            """);
        string written = fixture.Dotnet(folder, "run", "--project", folder);
        Assert.Contains("application/vnd.plotly.v1+json", written);
        Assert.Contains($"ONNX Runtime: {Inference.OnnxRuntime.IsAvailable}", written);
    }

    private static void RunsANotebook(string folder, Func<string[], ProcessStartInfo> start, string where)
    {
        File.WriteAllText(Path.Combine(folder, "notebook.dib"), Cell);
        Tool.Succeed(start(["run", "notebook.dib", "--output", "page.html"]));
        string page = File.ReadAllText(Path.Combine(folder, "page.html"));
        Assert.Contains(where, page);
        Assert.Contains("tensorcell-chart", page);
        Assert.Contains($"ONNX Runtime: {Inference.OnnxRuntime.IsAvailable}", page);
    }
}
