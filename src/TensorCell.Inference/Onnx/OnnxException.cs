namespace TensorCell.Inference;

/// <summary>An ONNX model cannot be read, loaded or run as asked; the message names the model, what was found and what would work.</summary>
public class OnnxException : Exception
{
    internal OnnxException(string model, string problem, Exception? innerException = null)
        : base($"onnx {model}: {problem}", innerException)
    {
        Model = model;
        Problem = problem;
    }

    private protected OnnxException(string message)
        : base($"onnx: {message}")
    {
        Model = "";
        Problem = message;
    }

    /// <summary>The model's file name, or its size where it came from memory; empty where no model is meant.</summary>
    public string Model { get; }

    /// <summary>What was found and what would work.</summary>
    public string Problem { get; }
}
