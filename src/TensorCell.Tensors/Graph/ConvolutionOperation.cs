using System.Diagnostics;
using TensorCell.Kernels;
using TensorCell.Tensors.Convolution;

namespace TensorCell.Tensors.Graph;

/// <summary>A convolution, or its gradient with respect to the input, which is a transposed convolution.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="shape">The lengths of the convolution.</param>
/// <param name="isTransposed">Whether the first operand is of the convolution's output, and the result of its input.</param>
/// <param name="inputs">Input and weights, then perhaps the bias of each channel of the result, contiguous.</param>
internal sealed class ConvolutionOperation(string name, ConvolutionShape shape, bool isTransposed, params Operand[] inputs)
    : Operation(name, inputs)
{
    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <summary>The result's shape, of four axes even where the value has fewer.</summary>
    public Shape ResultShape => isTransposed ? shape.InputShape : shape.OutputShape;

    /// <summary>What is added to each channel of the result, if anything; adjacent elements.</summary>
    public Operand? Bias => Inputs.Length > 2 ? Inputs[2] : null;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage result = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        RunInto(target, result.Address, null);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Computes the convolution into memory.</summary>
    /// <param name="target">The value.</param>
    /// <param name="address">Where its elements go; those of the epilogue's first result where there is one.</param>
    /// <param name="epilogue">Work to do on finished pixels, if any, which adds the bias first.</param>
    public void RunInto(Value target, nint address, ConvolutionEpilogue? epilogue)
    {
        DType type = target.DType;
        Storage input = Realizer.Realize(Inputs[0].Value);
        Storage weights = Realizer.Realize(Inputs[1].Value);
        Storage? bias = Bias is { } given ? Realizer.Realize(given.Value) : null;
        long start = Stopwatch.GetTimestamp();
        if (target.Layout.Shape.Count > 0)
        {
            TensorOperand from = TensorOperand.Of(Inputs[0], input);
            TensorOperand filters = TensorOperand.Of(Inputs[1], weights);
            TensorOperand to = new(address, Layout.RowMajor(ResultShape), type.Size);
            nint added = bias is null || epilogue is not null ? 0 : TensorOperand.Of(Inputs[2], bias).Address;
            IEnumerable<SlidingProduct> products = isTransposed
                ? shape.InputProducts(from, filters, to, epilogue)
                : [shape.Product(from, filters, to) with { Epilogue = epilogue }];
            foreach (SlidingProduct product in products)
            {
                Sliding.Run(type, product with { Bias = added });
            }
        }

        Trace(target, start);
        GC.KeepAlive(input);
        GC.KeepAlive(weights);
        GC.KeepAlive(bias);
    }

    private void Trace(Value target, long start)
    {
        if (Tracing.IsEnabled)
        {
            long elements = Inputs[0].Layout.Shape.Count + Inputs[1].Layout.Shape.Count + target.Layout.Shape.Count;
            Tracing.Write(new TraceEvent(
                TraceKind.Kernel,
                $"{Name} {Inputs[0].Layout.Shape} * {Inputs[1].Layout.Shape} {target.DType.Name}",
                Device.Cpu.Name,
                start,
                Stopwatch.GetTimestamp(),
                elements * target.DType.Size,
                shape.Flops));
        }
    }
}
