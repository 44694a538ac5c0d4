using System.Runtime.CompilerServices;
using TensorCell.Inference.Onnx;
using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>
/// Writes functions on tensors as ONNX models. The function is run on examples, what it computes is recorded, and each recorded function becomes
/// the ONNX operators that compute the same. It is run twice, with batches of two lengths, to see which lengths follow the batch; so
/// the model takes any.
/// </summary>
/// <remarks>
/// What the function decides by looking at elements or shapes is decided for good: loops are unrolled, branches taken. Random numbers, and
/// functions of the user's own kernels, have no counterpart and are refused.
/// </remarks>
public static class OnnxExport
{
    private const int ExampleBatch = 2;

    /// <summary>Writes a module to a file, which is there whole or not at all. Its parameters keep their names; it is exported as in use, not as in training.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file.</param>
    /// <param name="rowShape">The shape of one row of an f32 input, without the batch: <c>784</c>, or <c>(3, 32, 32)</c>.</param>
    /// <param name="options">Names and the like.</param>
    /// <exception cref="OnnxException">The module computes something that ONNX has no operators for, or that depends on the batch in a way they cannot follow.</exception>
    [OverloadResolutionPriority(1)]
    public static void Save(Module module, string path, Shape rowShape, OnnxExportOptions? options = null) =>
        Save(module, path, Tensor.Zeros([ExampleBatch, .. rowShape]), options);

    /// <summary>Writes a module to a file, which is there whole or not at all. Its parameters keep their names; it is exported as in use, not as in training.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file.</param>
    /// <param name="example">An input: its type and shape become the model's, its first axis the batch.</param>
    /// <param name="options">Names and the like; parameters named here too take these names.</param>
    /// <exception cref="OnnxException">The module computes something that ONNX has no operators for, or that depends on the batch in a way they cannot follow.</exception>
    public static void Save(Module module, string path, Tensor example, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        options ??= new();
        options = options with
        {
            GraphName = options.GraphName ?? module.GetType().Name,
            Parameters = options.Parameters.Concat(module.StateDictionary()).DistinctBy(named => named.Key).ToDictionary(),
        };
        using EvaluationScope evaluation = module.InUse();
        Save(input => module[input], path, example, options);
    }

    /// <summary>Writes a function of one tensor to a file, which is there whole or not at all.</summary>
    /// <param name="function">The function.</param>
    /// <param name="path">The file.</param>
    /// <param name="example">An input: its type and shape become the model's, its first axis the batch.</param>
    /// <param name="options">Names and the like.</param>
    /// <exception cref="OnnxException">The function computes something that ONNX has no operators for, or that depends on the batch in a way they cannot follow.</exception>
    public static void Save(Func<Tensor, Tensor> function, string path, Tensor example, OnnxExportOptions? options = null) =>
        Build(Of(function), [example], options).Save(path);

    /// <summary>Writes a function of several tensors to a file, which is there whole or not at all.</summary>
    /// <param name="function">The function: from the inputs to the outputs, in order.</param>
    /// <param name="path">The file.</param>
    /// <param name="examples">Inputs: their types and shapes become the model's, their first axes the batch.</param>
    /// <param name="options">Names and the like.</param>
    /// <exception cref="OnnxException">The function computes something that ONNX has no operators for, or that depends on the batch in a way they cannot follow.</exception>
    public static void Save(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, string path, IReadOnlyList<Tensor> examples, OnnxExportOptions? options = null) =>
        Build(function, examples, options).Save(path);

    /// <summary>A function of one tensor as the bytes of an ONNX model.</summary>
    /// <inheritdoc cref="Save(Func{Tensor, Tensor}, string, Tensor, OnnxExportOptions?)"/>
    public static byte[] ToArray(Func<Tensor, Tensor> function, Tensor example, OnnxExportOptions? options = null) =>
        Build(Of(function), [example], options).ToArray();

    /// <summary>A function of several tensors as the bytes of an ONNX model.</summary>
    /// <inheritdoc cref="Save(Func{IReadOnlyList{Tensor}, IReadOnlyList{Tensor}}, string, IReadOnlyList{Tensor}, OnnxExportOptions?)"/>
    public static byte[] ToArray(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> examples, OnnxExportOptions? options = null) =>
        Build(function, examples, options).ToArray();

    private static OnnxGraphBuilder Build(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> examples, OnnxExportOptions? options)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(examples);
        return new GraphExporter(options ?? new()).Export(function, examples);
    }

    private static Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Of(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return inputs => [function(inputs[0])];
    }
}
