using System.Diagnostics;
using TensorCell.Kernels;
using TensorCell.Tensors.Convolution;

namespace TensorCell.Tensors.Graph;

/// <summary>The gradient of a convolution with respect to its weights.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="shape">The lengths of the convolution.</param>
/// <param name="input">The convolution's input.</param>
/// <param name="gradient">The gradient of its result.</param>
internal sealed class ConvolutionWeightsOperation(string name, ConvolutionShape shape, Operand input, Operand gradient)
    : Operation(name, input, gradient)
{
    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        DType type = target.DType;
        Storage input = Realizer.Realize(Inputs[0].Value);
        Storage gradient = Realizer.Realize(Inputs[1].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * type.Size);
        long start = Stopwatch.GetTimestamp();
        if (target.Layout.Shape.Count > 0)
        {
            TensorOperand from = TensorOperand.Of(Inputs[0], input);
            TensorOperand to = new(result.Address, target.Layout.Strides, type.Size);
            Sliding.RunWeights(type, shape.Product(from, to, TensorOperand.Of(Inputs[1], gradient)));
        }

        if (Tracing.IsEnabled)
        {
            Tracing.Write(new TraceEvent(
                TraceKind.Kernel,
                $"{Name} {Inputs[0].Layout.Shape} * {Inputs[1].Layout.Shape} {type.Name}",
                Device.Cpu.Name,
                start,
                Stopwatch.GetTimestamp(),
                (Inputs[0].Layout.Shape.Count + Inputs[1].Layout.Shape.Count + target.Layout.Shape.Count) * type.Size,
                shape.Flops));
        }

        GC.KeepAlive(input);
        GC.KeepAlive(gradient);
        GC.KeepAlive(result);
        return result;
    }
}
