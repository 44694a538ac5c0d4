using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
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
            if (code.Contains("byte[1000]", StringComparison.Ordinal))
            {
                // The others ask for one large piece in the end, with the heap not nearly full.
                Assert.InRange(HeldMegabytes(error), 200, 320);
            }

            await harness.Run("list = null; text = null; GC.Collect();");
            Assert.Equal("1", (await harness.Run("kept")).ValueText);
        }
    }

    [Fact]
    public async Task A_cell_left_behind_with_a_full_heap_is_told_why()
    {
        if (Environment.GetEnvironmentVariable(InChild) is null)
        {
            await RunInSmallHeap(nameof(A_cell_left_behind_with_a_full_heap_is_told_why));
            return;
        }

        await using var harness = new SessionHarness();
        await harness.Run("List<object> list = new();");
        CellError error = await harness.Fail("""
            void Fill()
            {
                long limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
                long full = limit / 100 * 94;
                do
                {
                    while (GC.GetTotalMemory(false) < full) list.Add(new byte[10_000]);
                    GC.Collect();
                }
                while (GC.GetTotalMemory(false) < full); // What the compiler left counts until it is collected.
            }

            Fill();
            System.Text.RegularExpressions.Regex.IsMatch(new string('a', 60) + "b", "^(a|aa)+$")
            """);
        Assert.Equal("OutOfMemoryException", error.Name);
        Assert.InRange(HeldMegabytes(error), 200, 320);
        await harness.Run("list = null; GC.Collect();");
        Assert.Equal("2", (await harness.Run("1 + 1")).ValueText);
    }

    private static int HeldMegabytes(CellError error) => int.Parse(
        Regex.Match(error.Message, @"holds (\d+) MB").Groups[1].Value, CultureInfo.InvariantCulture);

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
