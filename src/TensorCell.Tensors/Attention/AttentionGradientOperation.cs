using System.Diagnostics;
using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Attention;

/// <summary>The gradients of the inputs of an attention, one behind the other.</summary>
internal sealed class AttentionGradientOperation : Operation
{
    private const int LineLength = 1024;
    private const int Grain = 16;
    private readonly AttentionPart part;
    private readonly Shape scores;

    /// <summary>Plans where the gradients go.</summary>
    /// <param name="part">What the attention was given besides its inputs.</param>
    /// <param name="targets">The shapes of the gradients of query, key, value and mask; null for those that nobody wants.</param>
    /// <param name="scores">The shape that the mask's broadcasts to.</param>
    /// <param name="inputs">The inputs of the attention, its result, the gradient of that, and what it kept of each row's sum.</param>
    public AttentionGradientOperation(AttentionPart part, Shape?[] targets, Shape scores, Operand[] inputs)
        : base("attention gradient", inputs)
    {
        this.part = part;
        this.scores = scores;
        Layouts = new Layout?[targets.Length];
        long elements = 0;
        for (int index = 0; index < targets.Length; index++)
        {
            if (targets[index] is { } shape)
            {
                Layouts[index] = Layout.Of(shape) with { Offset = elements };
                elements += (shape.Count + Grain - 1) / Grain * Grain;
            }
        }

        Shape = Shape.Of(checked((int)((elements + LineLength - 1) / LineLength)), LineLength);
    }

    /// <summary>A shape that holds all gradients.</summary>
    public Shape Shape { get; }

    /// <summary>Where in it each gradient is.</summary>
    public Layout?[] Layouts { get; }

    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        long start = Stopwatch.GetTimestamp();
        DType type = target.DType;
        Storage[] storages = [.. Inputs.Select(input => Realizer.Realize(input.Value))];
        Storage result = Storage.Allocate(Shape.Count * type.Size);
        new Number(0L).Fill(type, result, Shape.Count);
        if (Inputs[^2].Layout.Shape.Count == 0 || scores.Count == 0)
        {
            return result;
        }

        MatrixStack[] stacks = [.. Inputs.Select((input, index) => MatrixStack.Of(storages[index], input.Value.DType, input.Layout))];
        AttentionProblem problem = new(type, stacks[0], stacks[1], stacks[2], part.HasMask ? stacks[3] : null, part.IsCausal, part.Scale);
        nint[] places = [.. Layouts.Select(layout => layout is null ? 0 : result.Address + (nint)(layout.Offset * type.Size))];
        MatrixStack? mask = Layouts[3] is { } place ? MatrixStack.Of(result, type, place.BroadcastTo(scores)) : null;
        AttentionGradientProblem gradient = new(
            problem, stacks[^3].Address, stacks[^2], stacks[^1].Address, places[0], places[1], places[2], mask);
        FusedAttention.RunGradient(gradient);
        GC.KeepAlive(storages);
        GC.KeepAlive(result);
        if (Tracing.IsEnabled)
        {
            Tracing.Write(new TraceEvent(
                TraceKind.Kernel, $"{Name} {problem.Text}", Device.Cpu.Name, start, Stopwatch.GetTimestamp(), gradient.Bytes, 2.5 * problem.Flops));
        }

        return result;
    }
}
