using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>How a function on tensors becomes an ONNX model.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Names of the inputs, in the order of the function's arguments; <c>x</c>, or <c>x1</c>, <c>x2</c> …, when none are given.</summary>
    public IReadOnlyList<string> InputNames { get; init; } = [];

    /// <summary>Names of the outputs; <c>y</c>, or <c>y1</c>, <c>y2</c> …, when none are given.</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>
    /// The symbol of the inputs' first axis, the batch: the model then takes any length of it. Null for a model that takes just the shapes of
    /// the examples.
    /// </summary>
    public string? BatchSymbol { get; init; } = "N";

    /// <summary>Names of the tensors that the model carries, such as those of a module's parameters; others are numbered.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The graph's name; where none is given, that of the module's class, or <c>model</c> for a function.</summary>
    public string? GraphName { get; init; }

    /// <summary>The model's documentation.</summary>
    public string Description { get; init; } = "";

    /// <summary>What to note in the model, by name.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
}
