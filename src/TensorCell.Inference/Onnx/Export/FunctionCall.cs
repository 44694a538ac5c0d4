using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Inference.Onnx;

/// <summary>One recorded call of a function, and what turning it into nodes takes.</summary>
internal sealed class FunctionCall
{
    private readonly TracedTensor[] sources;

    public FunctionCall(GraphExporter exporter, TracedTensor result)
    {
        Exporter = exporter;
        Result = result;
        sources = result.Sources();
    }

    public GraphExporter Exporter { get; }

    /// <summary>What the function gave.</summary>
    public TracedTensor Result { get; }

    /// <summary>The function's name.</summary>
    public string Name => Result.Derivation!.Name;

    /// <summary>How many tensors it was applied to.</summary>
    public int Count => sources.Length;

    /// <summary>What it was applied to.</summary>
    public TracedTensor Source(int index) => sources[index];

    /// <summary>An input's value.</summary>
    public string Input(int index) => sources[index].First.Number is null ? Exporter.ValueOf(sources[index]) : Exporter.Constant(sources[index]);

    /// <summary>An input's value in a type.</summary>
    public string Input(int index, DType dtype)
    {
        TracedTensor source = sources[index];
        return source.First.Number is null ? Cast(Input(index), source.DType, dtype) : Exporter.Scalar(Exporter.Same(source), dtype);
    }

    /// <summary>The only input's value, in the result's type.</summary>
    public string Only() => Input(0, Result.DType);

    /// <summary>A node.</summary>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, OnnxAttribute Value)> attributes) =>
        Exporter.Graph.Node(operation, inputs, attributes);

    /// <summary>A number of the result's type.</summary>
    public string Number(double number) => Exporter.Scalar(number, Result.DType);

    /// <summary>A value in another type.</summary>
    public string Cast(string value, DType from, DType to) => from == to ? value : Node("Cast", [value], ("to", ElementTypes.Of(to)));

    /// <summary>A value in the result's shape.</summary>
    public string Reshape(string value)
    {
        BatchLength[] shape = Exporter.Lengths(Result);
        long[] known = [.. shape.Select(length => length.IsFixed ? length.Offset : -1)];
        bool isKnown = known.Count(length => length < 0) <= 1 && !known.Contains(0);
        return Node("Reshape", [value, isKnown ? Exporter.Integers(known) : Exporter.ShapeVector(shape)], ("allowzero", isKnown ? 0L : 1L));
    }

    /// <summary>The axes of a reduction and whether they stay.</summary>
    public ReductionPart Reduction => Result.Attribute<ReductionPart>().First;
}
