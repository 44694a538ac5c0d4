using System.Diagnostics;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>Cells that ask for more memory than there is, in a process of their own with a small heap.</summary>
public sealed class SessionMemoryTests
{
    private const string InChild = "TENSORCELL_TEST_SMALL_HEAP";

    [Fact]
    public async Task Exhaustion_ends_the_cell_alone()
    {
        if (Environment.GetEnvironmentVariable(InChild) is null)
        {
            await RunInSmallHeap(nameof(Exhaustion_ends_the_cell_alone));
            return;
        }

        await using var harness = new SessionHarness();
        await harness.Run("int kept = 1; List<object> list = null; string text = null;");
        foreach (string code in new[]
        {
            "var big = new byte[2_000_000_000];",
            "list = new(); while (true) list.Add(new byte[1000]);",
            "list = new(); while (true) list.Add(new object());",
            "text = \"x\"; while (true) text += text;",
            "list = Enumerable.Range(0, int.MaxValue).Select(i => (object)new int[10]).ToList();",
        })
        {
            CellError error = await harness.Fail(code);
            Assert.Equal("OutOfMemoryException", error.Name);
            Assert.Contains("Out of memory", error.Message, StringComparison.Ordinal);
            await harness.Run("list = null; text = null; GC.Collect();");
            Assert.Equal("1", (await harness.Run("kept")).ValueText);
        }
    }

    private static async Task RunInSmallHeap(string test)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            Environment = { [InChild] = "1", ["DOTNET_GCHeapHardLimit"] = "0x14000000", ["DOTNET_gcServer"] = "0" },
        };
        string own = typeof(SessionMemoryTests).Assembly.Location;
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(own);
        }
        else
        {
            start.FileName = Path.ChangeExtension(own, OperatingSystem.IsWindows() ? "exe" : null);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(SessionMemoryTests).FullName}.{test}");
        using Process child = Process.Start(start)!;
        string text = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, text);
    }
}
