using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Pooling;

namespace TensorCell.Tensors.Graph;

/// <summary>The gradient of a pooling with respect to its input.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="shape">The lengths.</param>
/// <param name="inputs">The gradient of the result; of the greatest of windows, the input and the result, too. All contiguous.</param>
internal sealed class PoolingGradientOperation(string name, PoolingShape shape, params Operand[] inputs) : Operation(name, inputs)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target) => target.DType == DType.Float32 ? Run<float>(target) : Run<double>(target);

    private unsafe Storage Run<T>(Value target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Storage[] stored = [.. Inputs.Select(input => Realizer.Realize(input.Value))];
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(T));
        if (target.Layout.Shape.Count > 0 && stored.Length == 1)
        {
            PoolingGradients<T>.Average(shape, Place(0), (T*)result.Address);
        }
        else if (target.Layout.Shape.Count > 0)
        {
            PoolingGradients<T>.Max(shape, Place(1), Place(2), Place(0), (T*)result.Address);
        }

        GC.KeepAlive(stored);
        GC.KeepAlive(result);
        return result;

        T* Place(int index) => (T*)stored[index].Address + Inputs[index].Layout.Offset;
    }
}
