using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Truth and bits of each element.
public sealed partial class Tensor
{
    /// <summary>The bits of each integer moved up by a number of places: zeros follow, and what passes the top is lost.</summary>
    public static Tensor operator <<(Tensor tensor, Tensor places) =>
        Composed("shiftleft", nameof(IntegerFunctions.ShiftLeft), tensor, places, isInteger: true);

    /// <summary>The bits of each integer moved down by a number of places: the sign follows.</summary>
    public static Tensor operator >>(Tensor tensor, Tensor places) =>
        Composed("shiftright", nameof(IntegerFunctions.ShiftRight), tensor, places, isInteger: true);

    /// <summary>Whether both elements are not zero; a bool tensor.</summary>
    public Tensor LogicalAnd(Tensor other) => Truth("logicaland", this) & Truth("logicaland", other);

    /// <summary>Whether any of both elements is not zero; a bool tensor.</summary>
    public Tensor LogicalOr(Tensor other) => Truth("logicalor", this) | Truth("logicalor", other);

    /// <summary>Whether exactly one of both elements is not zero; a bool tensor.</summary>
    public Tensor LogicalXor(Tensor other) => Truth("logicalxor", this) ^ Truth("logicalxor", other);

    /// <summary>Whether each element is zero; a bool tensor.</summary>
    public Tensor LogicalNot() => !Truth("logicalnot", this);

    /// <summary>Whether each element is infinite; a bool tensor.</summary>
    public Tensor IsInfinity() => DType.IsFloatingPoint
        ? ComposedUnary("isinfinity", nameof(RealFunctions.IsInfinity), this)
        : Full(Shape, false, DType.Bool);

    /// <summary>Whether the sign of each element is negative, that of -0 and of a negative NaN too; a bool tensor.</summary>
    public Tensor SignBit() => DType.IsFloatingPoint ? ComposedUnary("signbit", nameof(RealFunctions.SignBit), this) : this < 0;

    private static Tensor Truth(string operation, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor, operation);
        return tensor.To(DType.Bool);
    }
}
