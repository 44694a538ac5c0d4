using System.Runtime.InteropServices;

namespace TensorCell.Inference.Tests.Onnx;

/// <summary>Where ONNX Runtime's library is looked for, which a process decides once.</summary>
public sealed class OnnxLibraryTests
{
    private const string Variable = "TENSORCELL_ONNXRUNTIME";

    [Fact]
    public async Task The_environment_may_name_the_library_or_its_folder()
    {
        Needs.OnnxRuntime();
        foreach (string given in new[] { OnnxRuntime.Location, Path.GetDirectoryName(OnnxRuntime.Location)! })
        {
            (_, string output) = await ChildProcess.RunAsync(nameof(Tells), (Variable, given));
            Assert.Contains($"available {OnnxRuntime.Version} at {OnnxRuntime.Location}", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_library_that_cannot_be_used_is_told()
    {
        (_, string missing) = await ChildProcess.RunAsync(nameof(Tells), (Variable, "/no/such/library.so"));
        Assert.Contains("onnx: ONNX Runtime's library cannot be loaded (TENSORCELL_ONNXRUNTIME is /no/such/library.so)", missing, StringComparison.Ordinal);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "another library that is always there is known on Linux only");
        string other = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        (_, string wrong) = await ChildProcess.RunAsync(nameof(Tells), (Variable, other));
        Assert.Contains($"onnx: {other} is not ONNX Runtime's library", wrong, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Tells()
    {
        try
        {
            ChildProcess.Report($"available {OnnxRuntime.Version} at {OnnxRuntime.Location}");
        }
        catch (OnnxRuntimeMissingException error)
        {
            Assert.False(OnnxRuntime.IsAvailable);
            ChildProcess.Report(error.Message);
        }
    }
}
