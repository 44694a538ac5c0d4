using System.Diagnostics;
using System.Text.RegularExpressions;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Tests;

/// <summary>The machine code of the tiles, as the runtime lists it in a process of its own.</summary>
public sealed partial class LinearAlgebraTileTests
{
    // Every height of tile there is takes part in it.
    private const string Products =
        $"{nameof(TensorCell)}.{nameof(Tensors)}.{nameof(Tests)}.{nameof(LinearAlgebraGuardPageTests)}."
        + nameof(LinearAlgebraGuardPageTests.EverySizeAroundATileStaysWithinItsMatrices);

    [Fact]
    public async Task ATileKeepsItsVectorsInRegisters()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere functions save vector registers on the stack for their callers");
        var listing = Path.GetTempFileName();
        try
        {
            await RunProducts(listing);
            var tiles = (await File.ReadAllTextAsync(listing, TestContext.Current.CancellationToken))
                .Split("; Assembly listing for method ")
                .Where(method => Name().Match(method) is { Success: true } name && int.Parse(name.Groups[1].ValueSpan) <= VectorWidth.Bits)
                .ToArray();
            Assert.NotEmpty(tiles);
            Assert.All(tiles, tile => Assert.DoesNotMatch(Spill(), tile));
        }
        finally
        {
            File.Delete(listing);
        }
    }

    private static async Task RunProducts(string listing)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LinearAlgebraTileTests).Assembly.Location, "-noLogo", "-method", Products])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_JitDisasm"] = "tile*";
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await error);
    }

    [GeneratedRegex(@"^\(dynamicClass\):tile \S+ \S+ (\d+)")]
    private static partial Regex Name();

    [GeneratedRegex(@"[xyz]mmword ptr \[r[bs]p|\[(fp|sp).*\bq\d|\bq\d+, \[(fp|sp)")]
    private static partial Regex Spill();
}
