using System.Diagnostics;
using TensorCell.Inference;
using TensorCell.Interactive.Benchmarks;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Onnx;

/// <summary>A loaded model to be run and timed.</summary>
/// <param name="name">What it is called.</param>
/// <param name="model">The model.</param>
/// <param name="inputs">What it is run on.</param>
internal sealed class OnnxSubject(string name, OnnxModel model, IReadOnlyDictionary<string, Tensor> inputs) : ISubject
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Language => "ONNX";

    /// <inheritdoc/>
    public string Code => "";

    /// <inheritdoc/>
    public string? NoteOnResult => null;

    /// <inheritdoc/>
    public ValueTask<RunTiming> RunAsync(long repetitions) => ValueTask.FromResult(Time(repetitions, isEmpty: false));

    /// <inheritdoc/>
    public ValueTask<RunTiming> RunEmptyAsync(long repetitions) => ValueTask.FromResult(Time(repetitions, isEmpty: true));

    /// <inheritdoc/>
    public ValueTask<TracedWork> TraceAsync() => ValueTask.FromResult(default(TracedWork));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private RunTiming Time(long repetitions, bool isEmpty)
    {
        var collections = Collections.Now;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        for (long repetition = 0; repetition < repetitions && !isEmpty; repetition++)
        {
            foreach (var output in model.Run(inputs).Values)
            {
                output.Dispose();
            }
        }

        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - bytes, Collections.Now - collections);
    }
}
