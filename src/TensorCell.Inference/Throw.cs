using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace TensorCell.Inference;

/// <summary>The errors of this room: what was asked, what was found, what would work.</summary>
[StackTraceHidden]
internal static class Throw
{
    [DoesNotReturn]
    public static void Argument(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    public static T Argument<T>(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    public static void Onnx(string model, string problem, Exception? innerException = null) =>
        throw new OnnxException(model, problem, innerException);

    [DoesNotReturn]
    public static T Onnx<T>(string model, string problem) => throw new OnnxException(model, problem);

    [DoesNotReturn]
    public static T OnnxRuntimeMissing<T>(string message) => throw new OnnxRuntimeMissingException(message);

    [DoesNotReturn]
    public static void Disposed(string model) =>
        throw new ObjectDisposedException(nameof(OnnxModel), $"onnx {model}: the model was disposed; load it again");
}
