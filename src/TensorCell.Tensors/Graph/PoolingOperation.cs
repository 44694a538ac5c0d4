using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Pooling;

namespace TensorCell.Tensors.Graph;

/// <summary>The greatest element, or the average, of every window.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="shape">The lengths.</param>
/// <param name="isMean">Whether elements are averaged.</param>
/// <param name="input">The planes, contiguous.</param>
internal sealed class PoolingOperation(string name, PoolingShape shape, bool isMean, Operand input) : Operation(name, input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target) => target.DType switch
    {
        DType.Float32 => Run<float>(target),
        DType.Float64 => Run<double>(target),
        DType.Int64 => Run<long>(target),
        _ => Run<int>(target),
    };

    private unsafe Storage Run<T>(Value target)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(T));
        T* from = (T*)source.Address + Inputs[0].Layout.Offset;
        if (target.Layout.Shape.Count > 0 && isMean)
        {
            PoolingRows<PoolingMean<T>, T>.Run(shape, from, (T*)result.Address);
        }
        else if (target.Layout.Shape.Count > 0)
        {
            PoolingRows<PoolingMax<T>, T>.Run(shape, from, (T*)result.Address);
        }

        GC.KeepAlive(source);
        GC.KeepAlive(result);
        return result;
    }
}
