using TensorCell.Inference.Onnx;
using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>
/// An ONNX model, loaded into ONNX Runtime and ready to run on tensors. Inputs and outputs are handed over where they lie, without a copy;
/// only a view that is not contiguous is copied first. A model may be run from several threads at once.
/// </summary>
/// <example><code>
/// using var model = OnnxModel.Load("classifier.onnx");
/// Tensor scores = model.Run(images);
/// </code></example>
public sealed class OnnxModel : IDisposable
{
    private readonly OnnxRunner runner;

    private OnnxModel(string name, OnnxMetadata metadata, OnnxOptions options, OnnxSession session)
    {
        Name = name;
        Metadata = metadata;
        Options = options;
        runner = new OnnxRunner(name, session);
    }

    /// <summary>The file's name; its size for a model from memory.</summary>
    public string Name { get; }

    /// <summary>What the model says of itself.</summary>
    public OnnxMetadata Metadata { get; }

    /// <summary>How it was loaded.</summary>
    public OnnxOptions Options { get; }

    /// <summary>The inputs that a run must be given.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs => runner.Inputs;

    /// <summary>The outputs. A run gives those that are tensors of a type this library has.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs => runner.Outputs;

    /// <summary>Loads a model from a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxException">The file is no ONNX model, is damaged, or needs what this ONNX Runtime does not have.</exception>
    /// <exception cref="OnnxRuntimeMissingException">ONNX Runtime's library is missing.</exception>
    public static OnnxModel Load(string path, OnnxOptions? options = null)
    {
        OnnxMetadata metadata = OnnxMetadata.Read(path);
        return Load(Path.GetFileName(path), metadata, options ?? new(), (api, settings) => api.CreateSession(Path.GetFullPath(path), settings));
    }

    /// <summary>Loads a model from memory, which is not needed any more afterwards.</summary>
    /// <exception cref="OnnxException">The bytes are no ONNX model, are damaged, or need what this ONNX Runtime does not have.</exception>
    /// <exception cref="OnnxRuntimeMissingException">ONNX Runtime's library is missing.</exception>
    public static OnnxModel Load(byte[] model, OnnxOptions? options = null)
    {
        OnnxMetadata metadata = OnnxMetadata.Read(model);
        return Load(OnnxMetadata.SourceOf(model), metadata, options ?? new(), (api, settings) => api.CreateSession(model, settings));
    }

    /// <summary>Runs a model of one input and one output.</summary>
    /// <param name="input">The input, of the type and shape that <see cref="Inputs"/> tells.</param>
    /// <returns>The output.</returns>
    /// <exception cref="OnnxException">The model has more inputs or outputs, the tensor does not fit, or the run failed.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public Tensor Run(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        runner.RequireOneEach();
        Tensor? output = null;
        runner.Run([input], new Span<Tensor?>(ref output));
        return output!;
    }

    /// <summary>Runs a model of one input and one output into a tensor that is there already: nothing is allocated.</summary>
    /// <param name="input">The input, of the type and shape that <see cref="Inputs"/> tells.</param>
    /// <param name="output">Where the output goes: contiguous, of its type and shape, and apart from the input.</param>
    /// <exception cref="OnnxException">The model has more inputs or outputs, a tensor does not fit, or the run failed.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public void Run(Tensor input, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        runner.RequireOneEach();
        Tensor? target = output;
        runner.Run([input], new Span<Tensor?>(ref target));
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for each of the <see cref="Inputs"/>, by name.</param>
    /// <returns>A tensor for each output, by name; outputs that are no tensors of a type this library has are left out.</returns>
    /// <exception cref="OnnxException">An input is missing, unknown or does not fit, or the run failed.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        Tensor?[] results = new Tensor?[runner.TensorOutputs.Length];
        runner.Run(runner.InOrder(inputs), results);
        Dictionary<string, Tensor> named = new(results.Length, StringComparer.Ordinal);
        for (int index = 0; index < results.Length; index++)
        {
            named.Add(runner.TensorOutputs[index].Name, results[index]!);
        }

        return named;
    }

    /// <summary>Runs the model into tensors that are there already.</summary>
    /// <param name="inputs">A tensor for each of the <see cref="Inputs"/>, by name.</param>
    /// <param name="outputs">Where outputs go, by name: contiguous, of their types and shapes, and apart from the inputs. Others are computed and dropped.</param>
    /// <exception cref="OnnxException">A tensor is missing, unknown or does not fit, or the run failed.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public void Run(IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyDictionary<string, Tensor> outputs)
    {
        Tensor?[] targets = runner.TargetsInOrder(outputs);
        runner.Run(runner.InOrder(inputs), targets);
    }

    /// <summary>Lets go of the model. A run that is under way still ends.</summary>
    public void Dispose() => runner.Dispose();

    /// <summary>The name, the inputs and the outputs.</summary>
    public override string ToString() => $"{Name}: ({string.Join(", ", Inputs)}) -> ({string.Join(", ", Outputs)})";

    private static OnnxModel Load(string name, OnnxMetadata metadata, OnnxOptions options, Func<OnnxApi, nint, nint> create)
    {
        OnnxApi api = OnnxApi.Instance;
        nint settings = api.CreateSessionOptions();
        try
        {
            SessionSettings.Apply(api, settings, name, options);
            return new OnnxModel(name, metadata, options, new OnnxSession(api, create(api, settings), metadata));
        }
        catch (OnnxStatusException error)
        {
            string hint = error.Status == OnnxStatus.NotImplemented
                ? $"; ONNX Runtime {api.LibraryVersion} cannot run this operator with these types here: export the model with another opset or type"
                : "";
            Throw.Onnx(name, $"not loaded: {error.Message}{hint}", error);
            return null;
        }
        finally
        {
            api.FreeSessionOptions(settings);
        }
    }
}
