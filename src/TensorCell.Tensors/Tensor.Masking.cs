using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Elements chosen by truth values.
public sealed partial class Tensor
{
    /// <summary>The indices of the elements that are not zero, in row-major order: one i64 vector for each axis, with which <c>x[…]</c> gives those elements.</summary>
    /// <remarks>How many there are depends on the elements, so they are computed now.</remarks>
    public Tensor[] NonZero()
    {
        Tensor positions = NonZeroPositions();
        return Rank == 0 ? [positions] : [.. Pick.Unravel(positions, Shape.Lengths).Select(index => index.Realize())];
    }

    /// <summary>The indices where a condition holds, as <see cref="NonZero"/>.</summary>
    public static Tensor[] Where(Tensor condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition.NonZero();
    }

    /// <summary>The elements where a mask holds, as a vector; tensor and mask broadcast together. For a mask of this shape the same as <c>x[mask]</c>.</summary>
    public Tensor MaskedSelect(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        RequireMask("maskedSelect", mask);
        Shape shape = Shape.Broadcast("maskedSelect", Shape, mask.Shape);
        return BroadcastTo(shape)[mask.BroadcastTo(shape)];
    }

    /// <summary>A copy with a value where a mask holds.</summary>
    /// <param name="mask">A bool tensor, which broadcasts to this shape.</param>
    /// <param name="value">A number, or a tensor that broadcasts to this shape; it takes this type.</param>
    public Tensor MaskedFill(Tensor mask, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(value);
        RequireMask("maskedFill", mask);
        if (Shape.Broadcast("maskedFill", Shape.Broadcast("maskedFill", Shape, mask.Shape), value.Shape) != Shape)
        {
            Throw.Argument($"maskedFill: a mask of shape {mask.Shape} and a value of shape {value.Shape} do not broadcast to {Shape}");
        }

        return Where(mask, value.To(DType), this);
    }

    /// <summary>Class numbers as rows that are 1 at the class and 0 elsewhere: [i…] give [i…, classes].</summary>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="dtype">The type of the result.</param>
    /// <exception cref="ArgumentOutOfRangeException">An element is negative, or not less than the number of classes.</exception>
    public Tensor OneHot(int classes, DType dtype = DType.Float32)
    {
        Shape table = Shape.Of(classes);
        Tensor positions = Positions("oneHot", this, 0, table, isKept: false);
        if (!ReferenceEquals(positions.root, root) && (bool)(this < 0).Any())
        {
            Throw.Index("oneHot", (long)Min(), 0, table);
        }

        return positions.Unsqueeze(-1).EqualTo(Arange(classes, DType.Int64)).To(dtype);
    }

    /// <summary>The row-major places of the elements that are not zero, as a stored i64 vector.</summary>
    internal unsafe Tensor NonZeroPositions()
    {
        Tensor mask = AsMask();
        Tensor places = new(MaskPositions.Of((byte*)mask.Storage.Address + mask.Layout.Offset, mask.Count));
        GC.KeepAlive(mask);
        return places;
    }

    /// <summary>The elements where a mask of this shape holds.</summary>
    private unsafe Tensor SelectedBy(Tensor mask)
    {
        RequireCpu("index");
        Tensor holds = mask.AsMask();
        bool isKept = Tape.Keeps(this);
        holds = isKept && ReferenceEquals(holds.root, mask.root) ? holds.Clone() : holds;
        long[] ends = MaskPositions.Ends((byte*)holds.Storage.Address + holds.Layout.Offset, holds.Count);
        GC.KeepAlive(holds);
        Tensor result = Pending(
            new MaskedSelectOperation(As(Shape), holds.As(Shape), ends), Shape.Of((int)ends[^1]), DType);
        return isKept ? PickingRules.MaskedSelect(result, this, holds) : result;
    }

    private Tensor AsMask() => Detach().To(DType.Bool).To(Device.Cpu).Contiguous().Realize();

    private static void RequireMask(string operation, Tensor mask)
    {
        if (mask.DType != DType.Bool)
        {
            Throw.Argument($"{operation}: the mask needs to be a bool tensor, found {mask.DType.Name}; compare first, as in x > 0");
        }
    }
}
