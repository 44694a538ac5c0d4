using System.Text.RegularExpressions;

namespace TensorCell.Inference.Onnx;

/// <summary>ONNX Runtime's kinds of error (OrtErrorCode).</summary>
internal enum OnnxStatus
{
    Failure = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
    ProviderFailure = 11,
}

/// <summary>An error as ONNX Runtime tells it, before it is put in the user's terms.</summary>
internal sealed partial class OnnxStatusException(OnnxStatus status, string message) : Exception(Internals().Replace(message, "").Trim())
{
    /// <summary>Places in ONNX Runtime's source, which tell its users nothing.</summary>
    [GeneratedRegex(@"\S*onnxruntime_src\S*:\d+ ([^:]*::\w+\([^)]*\)( const)?( \[with [^]]*\])? )?|\[ONNXRuntimeError\] : \d+ : \w+ : ")]
    private static partial Regex Internals();

    /// <summary>Its kind.</summary>
    public OnnxStatus Status { get; } = status;
}
