using System.Diagnostics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>How a pending <see cref="Value"/> is computed from others.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="inputs">What it reads; pending inputs are fused or computed first.</param>
internal abstract class Operation(string name, params Operand[] inputs)
{
    /// <summary>The name errors and traces use.</summary>
    public string Name { get; } = name;

    /// <summary>What it reads.</summary>
    public Operand[] Inputs { get; } = inputs;

    /// <summary>Whether it runs on devices other than the CPU.</summary>
    public virtual bool RunsOnDevices => false;

    /// <summary>Where its result will be, if that is not where its inputs are.</summary>
    public virtual Device? ResultDevice => null;

    /// <summary>Whether what it calls already tells the trace of its work.</summary>
    protected virtual bool TracesItself => false;

    /// <summary>Computes the value, every input of which is stored by now, and tells the trace.</summary>
    public Storage RunTraced(Value target)
    {
        if (!Tracing.IsEnabled || TracesItself)
        {
            return Run(target);
        }

        long start = Stopwatch.GetTimestamp();
        Storage result = Run(target);
        long bytes = result.ByteLength;
        foreach (ref readonly Operand input in Inputs.AsSpan())
        {
            bytes += input.Layout.Shape.Count * input.Value.DType.Size;
        }

        Tracing.Write(new TraceEvent(
            TraceKind.Kernel, Name, result.Device.Name, start, Stopwatch.GetTimestamp(), bytes, 0));
        return result;
    }

    /// <summary>Computes the value, every input of which is stored by now.</summary>
    protected virtual Storage Run(Value target) => throw new NotSupportedException($"{Name}: runs only as part of a kernel");
}

/// <summary>A value as an operation reads it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Layout">Which of its elements, in which order, under which shape.</param>
internal readonly record struct Operand(Value Value, Layout Layout)
{
    /// <summary>Whether all elements are read, each once, in the value's own order and shape.</summary>
    public bool IsWhole => ReferenceEquals(Layout, Value.Layout)
        || (Layout.IsContiguous && Layout.Offset == 0 && Layout.Shape == Value.Layout.Shape);
}
