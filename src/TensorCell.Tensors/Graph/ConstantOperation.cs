using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Every element is one number, known when the value was made; kernels take it as an argument.</summary>
/// <param name="number">The number.</param>
internal sealed class ConstantOperation(Number number) : Operation("full")
{
    /// <inheritdoc/>
    public override bool RunsOnDevices => true;

    /// <summary>The number.</summary>
    public Number Number { get; } = number;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        long count = target.Layout.Shape.Count;
        Storage storage = Storage.Allocate(count * target.DType.Size);
        Number.Fill(target.DType, storage, count);
        return storage;
    }
}
