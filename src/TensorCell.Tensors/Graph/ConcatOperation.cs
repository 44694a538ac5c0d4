using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Values of one type one after the other along an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="inputs">The values.</param>
internal sealed class ConcatOperation(int axis, Operand[] inputs) : Operation("concat", inputs)
{
    /// <inheritdoc/>
    protected override bool TracesItself => true;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage storage = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        long offset = 0;
        foreach (Operand input in Inputs)
        {
            Elements.Copy(input, storage, new Layout(input.Layout.Shape, target.Layout.Strides, offset));
            offset += input.Layout.Shape[axis] * target.Layout.Strides[axis];
        }

        return storage;
    }
}
