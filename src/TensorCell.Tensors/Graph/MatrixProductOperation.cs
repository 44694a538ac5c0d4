using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>A batch of matrix products.</summary>
/// <param name="left">[batch…, m, k].</param>
/// <param name="right">[batch…, k, n].</param>
internal sealed class MatrixProductOperation(Operand left, Operand right) : Operation("matmul", left, right)
{
    /// <inheritdoc/>
    public override Storage Run(Value target)
    {
        Storage left = Realizer.Realize(Inputs[0].Value);
        Storage right = Realizer.Realize(Inputs[1].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        if (target.DType == DType.Float32)
        {
            Multiply<float>(left, right, result, target.Layout.Shape);
        }
        else
        {
            Multiply<double>(left, right, result, target.Layout.Shape);
        }

        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return result;
    }

    private unsafe void Multiply<T>(Storage left, Storage right, Storage result, Shape shape)
        where T : unmanaged, INumber<T>
    {
        Layout a = Inputs[0].Layout;
        Layout b = Inputs[1].Layout;
        int rows = shape[-2];
        int columns = shape[-1];
        int inner = a.Shape[-1];
        long batches = shape.Count / Math.Max(1, (long)rows * columns);
        T* c = (T*)result.Address;
        for (long batch = 0; batch < batches; batch++)
        {
            long offsetA = a.Offset;
            long offsetB = b.Offset;
            long rest = batch;
            for (int axis = shape.Rank - 3; axis >= 0; axis--)
            {
                long index = rest % shape[axis];
                rest /= shape[axis];
                offsetA += index * a.Strides[axis];
                offsetB += index * b.Strides[axis];
            }

            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    T sum = T.Zero;
                    for (int k = 0; k < inner; k++)
                    {
                        sum += ((T*)left.Address)[offsetA + (row * a.Strides[^2]) + (k * a.Strides[^1])]
                            * ((T*)right.Address)[offsetB + (k * b.Strides[^2]) + (column * b.Strides[^1])];
                    }

                    *c++ = sum;
                }
            }
        }
    }
}
