using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Parts written to positions along an axis, or along several that are counted together, over a copy of another value or over zeros.</summary>
internal sealed class PutOperation : Operation
{
    private readonly int place;
    private readonly int[] axes;
    private readonly long stride;
    private readonly Fold fold;

    /// <param name="name">The name errors and traces use.</param>
    /// <param name="place">Where the positions' axes stand among the values' axes.</param>
    /// <param name="axes">The axes of the result that positions count along together, ascending.</param>
    /// <param name="stride">Elements of the result from one position to the next.</param>
    /// <param name="fold">How what is written meets what is there.</param>
    /// <param name="positions">The positions, i64, within range, contiguous.</param>
    /// <param name="values">What is written: [outer…, positions…, inner…].</param>
    /// <param name="over">What is written over, of the result's shape; null for zeros.</param>
    public PutOperation(string name, int place, int[] axes, long stride, Fold fold, Operand positions, Operand values, Operand? over = null)
        : base(name, over is { } given ? [positions, values, given] : [positions, values])
    {
        this.place = place;
        this.axes = axes;
        this.stride = stride;
        this.fold = fold;
    }

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage to = Inputs.Length > 2 ? Elements.Contiguous(Inputs[2]) : Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        if (Inputs.Length <= 2)
        {
            new Number(0L).Fill(target.DType, to, target.Layout.Shape.Count);
        }

        new Placement(place, fold, Inputs[1], Inputs[0]).Run(to, target.Layout.Without(axes), stride);
        return to;
    }
}
