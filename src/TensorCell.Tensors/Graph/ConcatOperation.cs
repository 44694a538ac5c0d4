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
        long bytes = target.Layout.Shape.Count * target.DType.Size;
        Storage storage = Storage.Allocate(bytes);
        Layout[] places = new Layout[Inputs.Length];
        long offset = 0;
        for (int index = 0; index < places.Length; index++)
        {
            Shape shape = Inputs[index].Layout.Shape;
            places[index] = new Layout(shape, target.Layout.Strides, offset);
            offset += shape[axis] * target.Layout.Strides[axis];
        }

        if (bytes > Blocks.WorthSharing && bytes / places.Length < Blocks.Bytes)
        {
            // Many small values: each is copied by one thread.
            Workers.For(places.Length, index => Elements.Copy(Inputs[index], storage, places[index]));
        }
        else
        {
            for (int index = 0; index < places.Length; index++)
            {
                Elements.Copy(Inputs[index], storage, places[index]);
            }
        }

        return storage;
    }
}
