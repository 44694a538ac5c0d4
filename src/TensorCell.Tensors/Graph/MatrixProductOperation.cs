using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Graph;

/// <summary>A batch of matrix products.</summary>
/// <param name="left">[batch…, m, k].</param>
/// <param name="right">[batch…, k, n].</param>
internal sealed class MatrixProductOperation(Operand left, Operand right) : Operation("matmul", left, right)
{
    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage result = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        RunInto(target, result, default);
        return result;
    }

    /// <summary>Computes the products into memory.</summary>
    /// <param name="target">The value.</param>
    /// <param name="result">Where its elements go.</param>
    /// <param name="epilogue">Work to do on each part; all products' rows are counted on.</param>
    public void RunInto(Value target, Storage result, MatrixEpilogue epilogue)
    {
        DType type = target.DType;
        Shape shape = target.Layout.Shape;
        Layout a = Inputs[0].Layout;
        Layout b = Inputs[1].Layout;
        Layout c = target.Layout;
        Storage left = Realizer.Realize(Inputs[0].Value);
        Storage right = Realizer.Realize(Inputs[1].Value);
        MatrixProduct product = new(
            shape[-2],
            shape[-1],
            a.Shape[-1],
            new MatrixOperand(left.Address + (nint)(a.Offset * type.Size), a.Strides[^2], a.Strides[^1]),
            new MatrixOperand(right.Address + (nint)(b.Offset * type.Size), b.Strides[^2], b.Strides[^1]),
            new MatrixOperand(result.Address, c.Strides[^2], c.Strides[^1]));
        if (shape.Rank == 2)
        {
            MatrixMultiply.Run(type, product, epilogue);
        }
        else if (shape.Count > 0)
        {
            MatrixMultiply.RunBatch(type, product, Batch(shape, a, b, c), epilogue);
        }

        GC.KeepAlive(left);
        GC.KeepAlive(right);
        GC.KeepAlive(result);
    }

    /// <summary>Where each product of the batch lies, relative to the first.</summary>
    private static MatrixOffsets[] Batch(Shape shape, Layout a, Layout b, Layout c)
    {
        MatrixOffsets[] batch = new MatrixOffsets[shape.Count / ((long)shape[-2] * shape[-1])];
        for (int index = 0; index < batch.Length; index++)
        {
            MatrixOffsets offsets = default;
            int rest = index;
            for (int axis = shape.Rank - 3; axis >= 0; axis--)
            {
                int position = rest % shape[axis];
                rest /= shape[axis];
                offsets = new MatrixOffsets(
                    offsets.A + (position * a.Strides[axis]),
                    offsets.B + (position * b.Strides[axis]),
                    offsets.C + (position * c.Strides[axis]));
            }

            batch[index] = offsets;
        }

        return batch;
    }
}
