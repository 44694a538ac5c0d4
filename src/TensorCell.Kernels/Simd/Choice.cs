using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// A selection of the lesser or greater of two numbers, as clamps are written, that the processor has an instruction for: x86's minimum is
/// <c>a &lt; b ? a : b</c> to the bit, the second operand where one is no number or both are zeros.
/// </summary>
/// <param name="Code">Either <see cref="VectorCode.MinNative"/> or <see cref="VectorCode.MaxNative"/>.</param>
/// <param name="Left">What is chosen where it is less, or greater.</param>
/// <param name="Right">What is chosen otherwise.</param>
internal readonly record struct Choice(VectorCode Code, Node Left, Node Right)
{
    /// <summary>The choice that a selection is, or null.</summary>
    public static Choice? Of(SelectNode select)
    {
        if (!X86Base.IsSupported || !select.Type.IsFloatingPoint || select.Condition is not CompareNode compare)
        {
            return null;
        }

        var isSwapped = IsSame(compare.Left, select.WhenFalse) && IsSame(compare.Right, select.WhenTrue);
        if (!isSwapped && !(IsSame(compare.Left, select.WhenTrue) && IsSame(compare.Right, select.WhenFalse)))
        {
            return null;
        }

        // Where equal numbers have the same bits, it does not matter which of the two is chosen.
        var comparison = compare.Comparison switch
        {
            Comparison.LessOrEqual when HasNoZeros(compare) => Comparison.Less,
            Comparison.GreaterOrEqual when HasNoZeros(compare) => Comparison.Greater,
            var other => other,
        };
        return comparison switch
        {
            Comparison.Less => new(isSwapped ? VectorCode.MaxNative : VectorCode.MinNative, select.WhenTrue, select.WhenFalse),
            Comparison.Greater => new(isSwapped ? VectorCode.MinNative : VectorCode.MaxNative, select.WhenTrue, select.WhenFalse),
            _ => null,
        };
    }

    private static bool HasNoZeros(CompareNode compare) => IsNotZero(compare.Left) || IsNotZero(compare.Right);

    private static bool IsNotZero(Node node) => node is ConstantNode constant && constant.Value.ToDouble() != 0;

    private static bool IsSame(Node first, Node second) => ReferenceEquals(first, second)
        || (first is ConstantNode one && second is ConstantNode other && one.Type == other.Type && one.Value.Bits == other.Value.Bits);
}
