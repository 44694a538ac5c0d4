using TensorCell.Inference;
using TensorCell.Interactive.Formatting;
using TensorCell.Interactive.Magics;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Onnx;

/// <summary>What a model is run on: variables of the notebook, and random numbers for the inputs that none was named for.</summary>
internal sealed class OnnxInputs
{
    private const int Seed = 20261122;
    private const int IntegersBelow = 2;
    private const double MostBytes = 4.0 * (1 << 30);

    private OnnxInputs(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<string> notes)
    {
        Tensors = tensors;
        Notes = notes;
    }

    /// <summary>The tensors, by the inputs' names.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>What each input is.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Collects a model's inputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="given">Variables, as <c>input=variable</c>, or <c>variable</c> for the first input.</param>
    /// <param name="lengths">Lengths of axes, as <c>N=32</c>; those not given are 1.</param>
    /// <param name="notebook">The notebook that has the variables.</param>
    /// <exception cref="MagicException">A name is unknown, a variable holds no tensor, or an input's shape is open.</exception>
    public static OnnxInputs Collect(OnnxModel model, IReadOnlyList<string> given, IReadOnlyList<string> lengths, INotebook notebook)
    {
        var variables = Variables(model, given);
        var symbols = Lengths(model, lengths);
        var random = Tensor.Random(Seed);
        var tensors = new Dictionary<string, Tensor>();
        var notes = new List<string>();
        foreach (var input in model.Inputs)
        {
            if (variables.TryGetValue(input.Name, out var variable))
            {
                tensors[input.Name] = Find(notebook, variable);
                notes.Add($"{input.Name}: the variable {variable}, {tensors[input.Name].DType.Name} {tensors[input.Name].Shape}");
            }
            else
            {
                tensors[input.Name] = Draw(model, input, symbols, random);
                notes.Add($"{input.Name}: {Description(tensors[input.Name])}");
            }
        }

        return new OnnxInputs(tensors, notes);
    }

    private static string Description(Tensor tensor) =>
        $"random {(tensor.DType.IsFloatingPoint ? "normal numbers" : "zeros and ones")}, {tensor.DType.Name} {tensor.Shape}";

    private static Dictionary<string, string> Variables(OnnxModel model, IReadOnlyList<string> given)
    {
        var variables = new Dictionary<string, string>();
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var input = equals < 0 ? model.Inputs.Count > 0 ? model.Inputs[0].Name : "" : text[..equals];
            if (model.Inputs.All(known => known.Name != input))
            {
                Throw.Magic($"#!onnx --input {text}: {model.Name} has no input {input}; its inputs are {string.Join(", ", model.Inputs)}");
            }

            variables[input] = text[(equals + 1)..];
        }

        return variables;
    }

    private static Dictionary<string, int> Lengths(OnnxModel model, IReadOnlyList<string> given)
    {
        var known = model.Inputs.SelectMany(input => input.Dimensions ?? []).Where(dimension => dimension.Length is null)
            .Select(dimension => dimension.ToString()).Distinct().ToArray();
        var lengths = new Dictionary<string, int>();
        foreach (var text in given)
        {
            var equals = text.LastIndexOf('=');
            if (equals < 1 || !int.TryParse(text.AsSpan(equals + 1), out var length) || length < 0)
            {
                Throw.Magic($"#!onnx --dim {text}: expected the symbol of an axis and its length, as --dim N=32");
                continue;
            }

            if (!known.Contains(text[..equals]))
            {
                Throw.Magic(
                    $"#!onnx --dim {text}: {model.Name} has no axis {text[..equals]}; "
                    + (known.Length == 0 ? "the shapes of its inputs are fixed" : $"its open axes are {string.Join(", ", known)}"));
            }

            lengths[text[..equals]] = length;
        }

        return lengths;
    }

    private static Tensor Find(INotebook notebook, string name)
    {
        var variable = VariableName.Find(notebook.Variables, $"#!onnx --input {name}", name);
        return variable.Value as Tensor
            ?? Throw.Magic<Tensor>($"#!onnx --input {name}: {name} is {TypeName.Of(variable.Type)}; make a tensor of it with Tensor.From({name})");
    }

    private static Tensor Draw(OnnxModel model, OnnxValueInfo input, Dictionary<string, int> symbols, RandomStream random)
    {
        if (input.DType is not { } dtype || input.Dimensions is not { } dimensions)
        {
            return Throw.Magic<Tensor>(
                $"#!onnx: the input {input} of {model.Name} "
                + (input.DType is null ? "takes no tensor, so the model cannot be run here" : $"is of any shape; name a variable: --input {input.Name}=x"));
        }

        var lengths = dimensions.Select(dimension => dimension.Length ?? symbols.GetValueOrDefault(dimension.ToString(), 1)).ToArray();
        if (lengths.Aggregate((double)dtype.Size, (product, length) => product * length) > MostBytes)
        {
            Throw.Magic(
                $"#!onnx: random numbers for the input {input} of {model.Name} with shape [{string.Join(", ", lengths)}] would take more than 4 GiB; "
                + $"name a variable: --input {input.Name}=x, or give shorter axes with --dim");
        }

        var shape = Shape.Of(Array.ConvertAll(lengths, length => (int)length));
        return (dtype.IsFloatingPoint ? random.Normal(shape) : random.Integers(shape, 0, IntegersBelow)).To(dtype).Realize();
    }
}
