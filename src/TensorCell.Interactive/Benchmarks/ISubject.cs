namespace TensorCell.Interactive.Benchmarks;

/// <summary>A piece of code that can be run and timed, in whichever language.</summary>
internal interface ISubject : IAsyncDisposable
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>What it is written in, as <c>C#</c>, <c>Python</c> or <c>ONNX</c>.</summary>
    string Language { get; }

    /// <summary>The code.</summary>
    string Code { get; }

    /// <summary>Runs it some times in a row; what it prints is shown in its very first run only.</summary>
    ValueTask<RunTiming> RunAsync(long repetitions);

    /// <summary>Runs an empty body of the same language some times in a row, the same way.</summary>
    ValueTask<RunTiming> RunEmptyAsync(long repetitions);

    /// <summary>What it does by the engine's own count, in one more run.</summary>
    ValueTask<TracedWork> TraceAsync();

    /// <summary>What its value makes worth noting, such as a sequence that nothing has enumerated; null for nothing.</summary>
    string? NoteOnResult { get; }
}

/// <summary>The work of one run.</summary>
/// <param name="Flops">Floating-point operations; 0 when the engine did none, or cannot tell how many.</param>
/// <param name="Bytes">Bytes read and written.</param>
/// <param name="Roof">What the device that did it can reach; null when the engine did nothing.</param>
internal readonly record struct TracedWork(double Flops, double Bytes, DeviceRoof? Roof);
