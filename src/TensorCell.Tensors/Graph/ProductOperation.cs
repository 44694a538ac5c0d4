using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>The product of each run of consecutive elements; of floating-point numbers in double precision.</summary>
/// <param name="input">The elements, contiguous.</param>
/// <param name="length">How many elements each product takes.</param>
internal sealed class ProductOperation(Operand input, long length) : Operation("prod", input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Operand input = Inputs[0];
        Storage source = Realizer.Realize(input.Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        switch (target.DType)
        {
            case DType.Float32:
                Multiply<float, double>(source, input.Layout.Offset, result, target.Layout.Shape.Count);
                break;
            case DType.Float64:
                Multiply<double, double>(source, input.Layout.Offset, result, target.Layout.Shape.Count);
                break;
            default:
                Multiply<long, long>(source, input.Layout.Offset, result, target.Layout.Shape.Count);
                break;
        }

        return result;
    }

    private unsafe void Multiply<T, TProduct>(Storage source, long offset, Storage result, long count)
        where T : unmanaged, INumber<T>
        where TProduct : unmanaged, INumber<TProduct>
    {
        T* from = (T*)source.Address + offset;
        T* to = (T*)result.Address;
        for (long index = 0; index < count; index++)
        {
            TProduct product = TProduct.One;
            for (long term = 0; term < length; term++)
            {
                product *= TProduct.CreateTruncating(from[(index * length) + term]);
            }

            to[index] = T.CreateTruncating(product);
            Interruption.Check();
        }

        GC.KeepAlive(source);
        GC.KeepAlive(result);
    }
}
