using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// More elements around those that are there, and elements moved round.
public sealed partial class Tensor
{
    /// <summary>A copy with as many elements more at both ends of every axis.</summary>
    /// <inheritdoc cref="Pad(ReadOnlySpan{ValueTuple{int, int}}, PadMode, double)"/>
    /// <param name="width">How many.</param>
    /// <param name="mode">What they are.</param>
    /// <param name="value">The number, if they are <see cref="PadMode.Constant"/>.</param>
    public Tensor Pad(int width, PadMode mode = PadMode.Constant, double value = 0) => Pad([(width, width)], mode, value);

    /// <summary>A copy with more elements before and after those of each axis, in the order of NumPy's <c>pad</c>: first axis first.</summary>
    /// <param name="widths">How many before and after, for each axis; or one pair for all.</param>
    /// <param name="mode">What they are.</param>
    /// <param name="value">The number, if they are <see cref="PadMode.Constant"/>; it takes this type.</param>
    /// <exception cref="ArgumentException">A width is negative, there are not as many as axes, or an axis without elements would need some to repeat.</exception>
    public Tensor Pad(ReadOnlySpan<(int Before, int After)> widths, PadMode mode = PadMode.Constant, double value = 0)
    {
        if (widths.Length != Rank && widths.Length != 1)
        {
            Throw.Argument($"pad: {widths.Length} pairs of widths for shape {Shape}, which has {Rank} axes; give one for each, or one for all");
        }

        int[] lengths = Shape.ToArray();
        int[]?[] maps = new int[]?[Rank];
        (int Before, int After)[] pads = new (int, int)[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            pads[axis] = widths[widths.Length == 1 ? 0 : axis];
            (int before, int after) = pads[axis];
            if (before < 0 || after < 0)
            {
                Throw.Argument($"pad: widths {before} and {after} of axis {axis}; they cannot be negative (to take elements away, index by a range)");
            }

            if (before + (long)after > 0)
            {
                if (lengths[axis] == 0 && mode != PadMode.Constant)
                {
                    Throw.Argument($"pad: axis {axis} of shape {Shape} has no elements to repeat; only PadMode.Constant can pad it");
                }

                maps[axis] = PadMap(lengths[axis], before, after, mode);
                lengths[axis] = maps[axis]!.Length;
            }
        }

        Tensor result = Remapped("pad", maps, Shape.Of(lengths), Full(default, value, DType));
        return Tape.Keeps(this) ? RearrangingRules.Pad(result, this, pads, maps, mode) : result;
    }

    /// <summary>A copy with the elements moved along in row-major order, those beyond the end coming back at the beginning.</summary>
    /// <param name="shift">How far; negative moves towards the beginning.</param>
    public Tensor Roll(int shift) => Flatten().Roll(shift, 0).Reshape(Shape);

    /// <summary>A copy with the elements moved along an axis, those beyond its end coming back at its beginning.</summary>
    /// <param name="shift">How far; negative moves towards the beginning.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Roll(int shift, int axis) => Roll([shift], [axis]);

    /// <summary>A copy with the elements moved along several axes.</summary>
    /// <param name="shifts">How far along each; or one for all. Shifts along an axis that is named twice add up.</param>
    /// <param name="axes">The axes.</param>
    public Tensor Roll(ReadOnlySpan<int> shifts, ReadOnlySpan<int> axes)
    {
        if (shifts.Length != axes.Length && shifts.Length != 1)
        {
            Throw.Argument($"roll: {shifts.Length} shifts for {axes.Length} axes; give one for each, or one for all");
        }

        long[] moved = new long[Rank];
        for (int index = 0; index < axes.Length; index++)
        {
            moved[Shape.Axis("roll", axes[index])] += shifts[shifts.Length == 1 ? 0 : index];
        }

        return Rolled(moved);
    }

    internal Tensor Rolled(long[] moved)
    {
        int[]?[] maps = new int[]?[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            int length = Shape[axis];
            long first = length == 0 ? 0 : ((-moved[axis] % length) + length) % length;
            maps[axis] = first == 0 ? null : [.. Enumerable.Range(0, length).Select(index => (int)((first + index) % length))];
        }

        Tensor result = Remapped("roll", maps, Shape, Zeros(default, DType));
        return Tape.Keeps(this) ? RearrangingRules.Roll(result, this, moved) : result;
    }

    private Tensor Remapped(string name, int[]?[] maps, Shape shape, Tensor constant)
    {
        Number fill = ((ConstantOperation)constant.Value.Operation!).Number;
        return Pending(new RemapOperation(name, maps, fill, As(Shape)), shape, DType);
    }

    /// <summary>For each element of a padded axis, which one of the axis it is, or -1.</summary>
    private static int[] PadMap(int length, int before, int after, PadMode mode)
    {
        int[] map = new int[Shape.Length("pad", (long)before + length + after)];
        long mirrored = Math.Max(1, 2L * (length - 1));
        for (int index = 0; index < map.Length; index++)
        {
            long place = (long)index - before;
            map[index] = (int)(mode switch
            {
                PadMode.Replicate => Math.Clamp(place, 0, length - 1),
                PadMode.Circular => Modulo(place, length),
                PadMode.Reflect => Mirror(Modulo(place, mirrored), mirrored),
                PadMode.Symmetric => Mirror(Modulo(place, 2L * length), (2L * length) - 1),
                PadMode.Constant => place >= 0 && place < length ? place : -1,
                _ => Throw.Argument<long>($"pad: no mode {mode}"),
            });
        }

        return map;

        static long Modulo(long place, long length) => ((place % length) + length) % length;

        static long Mirror(long place, long last) => Math.Min(place, last - place);
    }
}
