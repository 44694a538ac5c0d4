using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>A value put into a larger one that is zero elsewhere.</summary>
/// <param name="place">Where its elements go, in the row-major result.</param>
/// <param name="input">The value, of the place's shape.</param>
internal sealed class EmbedOperation(Layout place, Operand input) : Operation("embed", input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        long count = target.Layout.Shape.Count;
        Storage storage = Storage.Allocate(count * target.DType.Size);
        if (place.Shape.Count < count)
        {
            new Number(0L).Fill(target.DType, storage, count);
        }

        Elements.Copy(Inputs[0], storage, place);
        return storage;
    }
}
