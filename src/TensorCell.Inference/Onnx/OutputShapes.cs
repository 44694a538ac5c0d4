using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>
/// Foretells the shapes of a model's outputs from those of its inputs: where an output's axis has a length, or a symbol that an input's axis
/// has too, its memory can be there before the run.
/// </summary>
internal sealed class OutputShapes
{
    private readonly Place[]?[] outputs;
    private readonly (Place First, Place Other)[] equalities;
    private readonly Shape[] lastShapes;

    public OutputShapes(IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs)
    {
        Dictionary<string, Place> symbols = new(StringComparer.Ordinal);
        List<(Place, Place)> equal = [];
        for (int input = 0; input < inputs.Count; input++)
        {
            IReadOnlyList<OnnxDimension> dimensions = inputs[input].Dimensions ?? [];
            for (int axis = 0; axis < dimensions.Count; axis++)
            {
                Place place = new(0, input, axis);
                if (dimensions[axis].Symbol is { } symbol && !symbols.TryAdd(symbol, place))
                {
                    equal.Add((symbols[symbol], place));
                }
            }
        }

        equalities = [.. equal];
        lastShapes = new Shape[outputs.Count];
        this.outputs = [.. outputs.Select(output => Places(output, symbols))];
    }

    /// <summary>The shape of each output, or null where it cannot be foretold.</summary>
    public Shape? Of(int output, ReadOnlySpan<Tensor> inputs)
    {
        if (outputs[output] is not { } places)
        {
            return null;
        }

        foreach ((Place first, Place other) in equalities)
        {
            if (first.Length(inputs) != other.Length(inputs))
            {
                return null;
            }
        }

        // A shape is one reference, so threads may share those of the last run.
        Shape last = lastShapes[output];
        bool isAsLast = last.Rank == places.Length;
        for (int axis = 0; isAsLast && axis < places.Length; axis++)
        {
            isAsLast = last.Lengths[axis] == places[axis].Length(inputs);
        }

        if (isAsLast)
        {
            return last;
        }

        int[] lengths = new int[places.Length];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = places[axis].Length(inputs);
        }

        return lastShapes[output] = Shape.Of(lengths);
    }

    private static Place[]? Places(OnnxValueInfo output, Dictionary<string, Place> symbols)
    {
        if (output.Dimensions is not { } dimensions)
        {
            return null;
        }

        Place[] places = new Place[dimensions.Count];
        for (int axis = 0; axis < places.Length; axis++)
        {
            if (dimensions[axis].Length is <= int.MaxValue and long length)
            {
                places[axis] = new Place((int)length, -1, 0);
            }
            else if (dimensions[axis].Symbol is not { } symbol || !symbols.TryGetValue(symbol, out places[axis]))
            {
                return null;
            }
        }

        return places;
    }

    /// <summary>A length that is known, or where among the inputs' axes it is found.</summary>
    private readonly record struct Place(int Known, int Input, int Axis)
    {
        public int Length(ReadOnlySpan<Tensor> inputs) => Input < 0 ? Known : inputs[Input].Shape[Axis];
    }
}
