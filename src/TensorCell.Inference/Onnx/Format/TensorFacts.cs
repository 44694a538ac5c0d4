namespace TensorCell.Inference.Onnx;

/// <summary>What a tensor in a model file is, without its elements.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many elements it has.</param>
/// <param name="Bytes">How many bytes they take.</param>
/// <param name="IsParameter">Whether it looks like a weight rather than like axes or a shape.</param>
internal readonly record struct TensorFacts(string Name, long Count, long Bytes, bool IsParameter);
