namespace TensorCell.Inference;

/// <summary>How a model is loaded and run.</summary>
public sealed record OnnxOptions
{
    /// <summary>Threads that share the work of a node; 0 for as many as the engine uses.</summary>
    public int Threads { get; init; }

    /// <summary>How far the graph is rewritten before it runs.</summary>
    public OnnxOptimization Optimization { get; init; } = OnnxOptimization.All;

    /// <summary>
    /// Whether memory of intermediate results is kept by the session from one run to the next. Without, it goes back to the system after
    /// each run, and the next one takes longer.
    /// </summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary>
    /// Whether the session's threads spin for a moment when they run out of work, in place of sleeping at once: faster, unless other work
    /// needs the processors.
    /// </summary>
    public bool Spinning { get; init; } = true;

    /// <summary>
    /// What to run on, the preferred first (<see cref="OnnxRuntime.Providers"/>); what one cannot run falls to the next, and at last to the
    /// processor.
    /// </summary>
    public IReadOnlyList<string> Providers { get; init; } = ["CPU"];

    /// <summary>Further settings of ONNX Runtime's sessions, by their keys, such as <c>session.set_denormal_as_zero</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
