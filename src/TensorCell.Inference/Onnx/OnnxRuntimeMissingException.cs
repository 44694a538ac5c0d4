namespace TensorCell.Inference;

/// <summary>ONNX Runtime's native library is not there or cannot be used; the message says where it was looked for.</summary>
public sealed class OnnxRuntimeMissingException : OnnxException
{
    internal OnnxRuntimeMissingException(string message)
        : base(message)
    {
    }
}
