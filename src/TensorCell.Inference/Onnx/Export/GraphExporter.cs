using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Inference.Onnx;

/// <summary>Records a function on tensors and builds the ONNX graph that computes the same.</summary>
/// <param name="options">Names and the like.</param>
internal sealed class GraphExporter(OnnxExportOptions options)
{
    private readonly OnnxGraphBuilder graph = new(options.GraphName ?? "model") { Description = options.Description };
    private readonly Dictionary<Tensor, string> values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> parameters = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, int> uses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(DType, ulong), string> scalars = [];
    private readonly Dictionary<string, string> lengths = [];
    private int firstBatch;
    private int secondBatch;
    private string batchInput = "";
    private string? batchLength;

    /// <summary>The graph so far.</summary>
    public OnnxGraphBuilder Graph => graph;

    /// <summary>Records the function and builds its graph.</summary>
    public OnnxGraphBuilder Export(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> examples)
    {
        foreach ((string name, Tensor parameter) in options.Parameters)
        {
            parameters.TryAdd(parameter, name);
        }

        foreach ((string key, string value) in options.Custom)
        {
            graph.Custom[key] = value;
        }

        Tensor[] firstInputs = [.. examples.Select(example => example.Detach())];
        Tensor[] secondInputs = options.BatchSymbol is null ? firstInputs : [.. examples.Select(Enlarge)];
        IReadOnlyList<Tensor> firstOutputs = Record(function, firstInputs);
        IReadOnlyList<Tensor> secondOutputs = options.BatchSymbol is null ? firstOutputs : RecordAgain(function, secondInputs);
        if (firstOutputs.Count == 0 || firstOutputs.Count != secondOutputs.Count)
        {
            Refuse("the function gives " + (firstOutputs.Count == 0 ? "no tensor" : "another number of tensors for another batch"));
        }

        for (int index = 0; index < firstInputs.Length; index++)
        {
            TracedTensor input = new(firstInputs[index], secondInputs[index]);
            string name = Named(options.InputNames, index, firstInputs.Length, "x");
            values[input.First] = graph.Input(name, input.DType, Dimensions(input));
            batchInput = batchInput.Length == 0 && !input.HasFixedShape ? name : batchInput;
        }

        TracedTensor[] outputs = [.. firstOutputs.Zip(secondOutputs, (first, second) => new TracedTensor(first, second))];
        CountUses(firstOutputs);
        for (int index = 0; index < outputs.Length; index++)
        {
            Emit(outputs[index]);
            graph.Output(Named(options.OutputNames, index, outputs.Length, "y"), values[outputs[index].First], outputs[index].DType, Dimensions(outputs[index]));
        }

        return graph;
    }

    /// <summary>Ends the export: there is no ONNX graph for it.</summary>
    public void Refuse(string problem) => Throw.Onnx("export", problem);

    /// <summary>Ends the export: there is no ONNX graph for it.</summary>
    public T Refuse<T>(string problem) => Throw.Onnx<T>("export", problem);

    /// <summary>The value that a traced tensor has become.</summary>
    public string ValueOf(TracedTensor tensor) => values[tensor.First];

    /// <summary>How a length follows the batch's.</summary>
    /// <param name="first">The length in the first run.</param>
    /// <param name="second">The length in the second.</param>
    public BatchLength Length(long first, long second)
    {
        return TryLength(first, second)
            ?? Refuse<BatchLength>($"a length is {first} for a batch of {firstBatch} and {second} for one of {secondBatch}; export it with BatchSymbol = null, for one batch");
    }

    /// <summary>The bare number that a traced tensor is, which must not follow the batch.</summary>
    public Number Same(TracedTensor tensor)
    {
        Number? first = tensor.First.Number;
        Number? second = tensor.Second.Number;
        return first is { } number && second is { } other
            && number.Bits(DType.Float64) == other.Bits(DType.Float64) && number.Bits(DType.Int64) == other.Bits(DType.Int64)
            ? number
            : Refuse<Number>(
                $"a number is {Text(first)} for a batch of {firstBatch} and {Text(second)} for one of {secondBatch}; export it with BatchSymbol = null, for one batch");

        static string Text(Number? number) => number is not { } known ? "a tensor" : known.IsInteger ? $"{known.AsLong}" : $"{known.AsDouble}";
    }

    /// <summary>A number as a scalar of a type.</summary>
    public string Scalar(double number, DType dtype) => Scalar(new Number(number), dtype);

    /// <summary>A number as a scalar of a type.</summary>
    public string Scalar(Number number, DType dtype)
    {
        (DType, ulong) key = (dtype, number.Bits(dtype));
        return scalars.TryGetValue(key, out string? value) ? value : scalars[key] = graph.Initializer("number", Tensor.Full(default, number, dtype).Clone());
    }

    /// <summary>Integers that say how: axes, bounds, shapes.</summary>
    public string Integers(params ReadOnlySpan<long> numbers)
    {
        string key = string.Join(',', numbers.ToArray());
        return lengths.TryGetValue(key, out string? value) ? value : lengths[key] = graph.Initializer("integers", Tensor.From(numbers));
    }

    /// <summary>A shape as a vector that the graph computes, where it follows the batch.</summary>
    public string ShapeVector(ReadOnlySpan<BatchLength> shape)
    {
        long[] known = [.. shape.ToArray().Select(length => length.Offset)];
        if (!shape.ToArray().Any(length => !length.IsFixed))
        {
            return Integers(known);
        }

        List<string> parts = [];
        foreach (BatchLength length in shape)
        {
            parts.Add(length.IsFixed ? Integers(length.Offset) : Computed(length));
        }

        return parts.Count == 1 ? parts[0] : graph.Node("Concat", parts.ToArray(), ("axis", 0L));
    }

    /// <summary>How the axes of a tensor follow the batch.</summary>
    public BatchLength[] Lengths(TracedTensor tensor)
    {
        BatchLength[] found = new BatchLength[tensor.Rank];
        for (int axis = 0; axis < found.Length; axis++)
        {
            found[axis] = Length(tensor.First.Shape[axis], tensor.Second.Shape[axis]);
        }

        return found;
    }

    /// <summary>A tensor of the function that was not computed from its inputs.</summary>
    public string Constant(TracedTensor tensor)
    {
        (Tensor first, Tensor second) = tensor;
        if (first.Number is not null)
        {
            return Scalar(Same(tensor), first.DType);
        }

        if (first.Value.Operation is ConstantOperation constant && second.Value.Operation is ConstantOperation other
            && constant.Number.Bits(first.DType) == other.Number.Bits(second.DType))
        {
            string scalar = Scalar(constant.Number, first.DType);
            return first.Rank == 0 && tensor.HasFixedShape ? scalar : graph.Node("Expand", [scalar, ShapeVector(Lengths(tensor))]);
        }

        if (!ReferenceEquals(first, second))
        {
            if (!tensor.HasFixedShape)
            {
                Refuse(
                    $"a tensor that was not computed from the inputs has shape {first.Shape} for a batch of {firstBatch} and {second.Shape} for one of {secondBatch}; "
                    + "compute it from the input (not under NoGrad, nor from a Detach), or export with BatchSymbol = null, for one batch");
            }

            if (first.DType != second.DType || !HaveSameElements(first, second))
            {
                Refuse(
                    $"a tensor of shape {first.Shape} differs from run to run, although nothing it was computed from does: random numbers, as of dropout while training, "
                    + "or a Detach; put the module into evaluation mode");
            }
        }

        string name = parameters.GetValueOrDefault(first, "constant");
        return graph.Initializer(name, first);
    }

    /// <summary>Whether a function was given the same in both runs; shapes, and where slices begin and end, may follow the batch.</summary>
    private static bool HaveSameAttribute(object? first, object? second) => (first, second) switch
    {
        (Shape, Shape) => true,
        (int[] ours, int[] theirs) => ours.AsSpan().SequenceEqual(theirs),
        (ReductionPart ours, ReductionPart theirs) => ours.KeepDims == theirs.KeepDims && ours.Axes.AsSpan().SequenceEqual(theirs.Axes),
        (TakePart ours, TakePart theirs) => ours.Axis == theirs.Axis,
        (SlicePart[] ours, SlicePart[] theirs) => ours.Select(part => (part.Step, part.IsDropped)).SequenceEqual(theirs.Select(part => (part.Step, part.IsDropped))),
        _ => Equals(first, second),
    };

    private static bool HaveSameElements(Tensor first, Tensor second)
    {
        Tensor left = first.Contiguous().Realize();
        Tensor right = second.Contiguous().Realize();
        Span<byte> leftBytes = stackalloc byte[512];
        Span<byte> rightBytes = stackalloc byte[512];
        long leftStart = left.Layout.Offset * left.DType.Size;
        long rightStart = right.Layout.Offset * right.DType.Size;
        for (long done = 0; done < left.ByteSize; done += leftBytes.Length)
        {
            int count = (int)Math.Min(leftBytes.Length, left.ByteSize - done);
            left.Storage.CopyTo(leftStart + done, leftBytes[..count]);
            right.Storage.CopyTo(rightStart + done, rightBytes[..count]);
            if (!leftBytes[..count].SequenceEqual(rightBytes[..count]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Named(IReadOnlyList<string> given, int index, int count, string stem) =>
        index < given.Count ? given[index] : count == 1 ? stem : $"{stem}{index + 1}";

    private static IReadOnlyList<Tensor> Record(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, Tensor[] inputs)
    {
        using TapeScope scope = Tensor.Record();
        return function(inputs);
    }

    private IReadOnlyList<Tensor> RecordAgain(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, Tensor[] inputs)
    {
        try
        {
            return Record(function, inputs);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return Throw.Onnx<IReadOnlyList<Tensor>>(
                "export", $"the function runs with a batch of {firstBatch}, but not with one of {secondBatch}: {error.Message}; export it with BatchSymbol = null, for one batch");
        }
    }

    /// <summary>The example with a longer batch, of elements that occur in it.</summary>
    private Tensor Enlarge(Tensor example)
    {
        if (example.Rank == 0)
        {
            return example.Detach();
        }

        int batch = example.Shape[0];
        if (firstBatch != 0 && firstBatch != batch)
        {
            Refuse($"the examples have batches of {firstBatch} and {batch}; give all the same, or export with BatchSymbol = null");
        }

        if (batch == 0)
        {
            Refuse($"the example has shape {example.Shape}, an empty batch; give one with a batch of 1 or more");
        }

        firstBatch = batch;
        // Neither the same nor a multiple, so that a length that follows the batch cannot be taken for another.
        secondBatch = (2 * batch) + 1;
        return Tensor.Concat(0, example, example, example[..1]).Realize().Detach();
    }

    private BatchLength? TryLength(long first, long second)
    {
        if (first == second)
        {
            return new(0, first);
        }

        long factor = Math.DivRem(second - first, secondBatch - firstBatch, out long rest);
        return rest == 0 ? new(factor, first - (factor * firstBatch)) : null;
    }

    private OnnxDimension[] Dimensions(TracedTensor tensor) =>
    [
        .. tensor.First.Shape.Zip(tensor.Second.Shape, (first, second) => TryLength(first, second)?.ToDimension(options.BatchSymbol) ?? OnnxDimension.Any),
    ];

    private string Computed(BatchLength length)
    {
        batchLength ??= graph.Node("Gather", [graph.Node("Shape", [batchInput]), Integers(0)]);
        string value = length.Factor == 1 ? batchLength : graph.Node("Mul", [batchLength, Integers(length.Factor)]);
        return length.Offset == 0 ? value : graph.Node("Add", [value, Integers(length.Offset)]);
    }

    private void CountUses(IReadOnlyList<Tensor> outputs)
    {
        Stack<Tensor> pending = new(outputs);
        while (pending.TryPop(out Tensor? tensor))
        {
            int count = uses.GetValueOrDefault(tensor);
            uses[tensor] = count + 1;
            if (count == 0 && tensor.Derivation is not null && !parameters.ContainsKey(tensor))
            {
                foreach (TracedTensor source in new TracedTensor(tensor, tensor).Sources())
                {
                    pending.Push(source.First);
                }
            }
        }
    }

    /// <summary>Adds the nodes that compute a tensor, those of what it is computed from first.</summary>
    private void Emit(TracedTensor result)
    {
        Stack<(TracedTensor Tensor, bool AreSourcesDone)> pending = new([(result, false)]);
        while (pending.TryPop(out (TracedTensor Tensor, bool AreSourcesDone) next))
        {
            (TracedTensor tensor, bool areSourcesDone) = next;
            if (values.ContainsKey(tensor.First))
            {
                continue;
            }

            if (tensor.Derivation is null || parameters.ContainsKey(tensor.First))
            {
                // Operands that are bare numbers take the type of what they meet, so the function that meets them writes them.
                values[tensor.First] = tensor.First.Number is null ? Constant(tensor) : "";
                continue;
            }

            RequireSame(tensor);
            LinearLayer? layer = LinearLayer.Of(tensor, uses);
            if (areSourcesDone)
            {
                values[tensor.First] = layer?.Emit(this) ?? FunctionTable.Emit(new FunctionCall(this, tensor));
                continue;
            }

            pending.Push((tensor, true));
            foreach (TracedTensor source in layer?.Sources ?? tensor.Sources())
            {
                pending.Push((source, false));
            }
        }

        if (values[result.First].Length == 0)
        {
            values[result.First] = Constant(result);
        }
    }

    private void RequireSame(TracedTensor tensor)
    {
        Derivation first = tensor.First.Derivation!;
        if (tensor.Second.Derivation is not { } second || first.Name != second.Name || first.Inputs.Count != second.Inputs.Count || tensor.First.Rank != tensor.Second.Rank)
        {
            Refuse(
                $"the function computes {first.Name} for a batch of {firstBatch} and {tensor.Second.Derivation?.Name ?? "nothing"} in its place for one of {secondBatch}; "
                + "export it with BatchSymbol = null, for one batch");
            return;
        }

        if (tensor.First.DType != tensor.Second.DType)
        {
            Refuse(
                $"{first.Name} gives {tensor.First.DType.Name} for a batch of {firstBatch} and {tensor.Second.DType.Name} for one of {secondBatch}; "
                + "export it with BatchSymbol = null, for one batch");
        }

        if (!HaveSameAttribute(first.Attribute, second.Attribute))
        {
            Refuse(
                $"{first.Name} has other axes, steps or slopes for a batch of {firstBatch} than for one of {secondBatch}; "
                + "export it with BatchSymbol = null, for one batch");
        }
    }
}
