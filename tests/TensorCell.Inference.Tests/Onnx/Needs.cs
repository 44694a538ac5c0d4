namespace TensorCell.Inference.Tests.Onnx;

/// <summary>What the tests of ONNX need.</summary>
internal static class Needs
{
    /// <summary>Skips the running test, with a reason, where the build could not fetch ONNX Runtime.</summary>
    public static void OnnxRuntime() => Assert.SkipUnless(
        Inference.OnnxRuntime.IsAvailable, "ONNX Runtime's library is not there: the build fetches it with npm");
}
