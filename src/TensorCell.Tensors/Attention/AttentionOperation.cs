using System.Diagnostics;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Attention;

/// <summary>Scaled dot-product attention of query, key, value and perhaps a mask.</summary>
/// <param name="isCausal">Whether query i sees keys up to n - m + i only.</param>
/// <param name="scale">What the products of queries and keys are multiplied by.</param>
/// <param name="inputs">As <see cref="AttentionProblem"/> has them.</param>
internal sealed class AttentionOperation(bool isCausal, double scale, params Operand[] inputs) : Operation("attention", inputs)
{
    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        long start = Stopwatch.GetTimestamp();
        Storage[] storages = [.. Inputs.Select(input => Realizer.Realize(input.Value))];
        long count = target.Layout.Shape.Count;
        Storage result = Storage.Allocate(count * target.DType.Size);
        if (count == 0)
        {
            return result;
        }

        MatrixStack[] stacks = [.. Inputs.Select((input, index) => MatrixStack.Of(storages[index], input.Value.DType, input.Layout))];
        AttentionProblem problem = new(target.DType, stacks[0], stacks[1], stacks[2], stacks.ElementAtOrDefault(3), isCausal, scale);
        long elements = (long)problem.Rows * problem.Width;
        FusedAttention.Run(problem, result.Address, count > elements ? result.Address + (nint)(elements * target.DType.Size) : 0);
        GC.KeepAlive(storages);
        GC.KeepAlive(result);
        Trace(problem, count, start);
        return result;
    }

    private void Trace(AttentionProblem problem, long results, long start)
    {
        if (!Tracing.IsEnabled)
        {
            return;
        }

        long read = ((long)problem.Rows * problem.Depth) + ((long)problem.Groups * problem.Keys * (problem.Depth + problem.Width));
        Tracing.Write(new TraceEvent(
            TraceKind.Kernel,
            $"{Name} {problem.Text}",
            Device.Cpu.Name,
            start,
            Stopwatch.GetTimestamp(),
            (results + read) * problem.DType.Size,
            problem.Flops));
    }
}
