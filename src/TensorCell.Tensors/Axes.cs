using System.Runtime.CompilerServices;

namespace TensorCell.Tensors;

/// <summary>The axes of a reduction: a number, or several as in <c>[0, -1]</c>; none means all.</summary>
[CollectionBuilder(typeof(Axes), nameof(Of))]
public readonly struct Axes
{
    private readonly int[]? axes;

    private Axes(int[] axes) => this.axes = axes;

    /// <summary>Several axes; none means all.</summary>
    public static Axes Of(params ReadOnlySpan<int> axes) => new(axes.ToArray());

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => Of(axis);

    /// <summary>Several axes; none means all.</summary>
    public static implicit operator Axes(int[] axes) => Of(axes);

    /// <summary>Two axes.</summary>
    public static implicit operator Axes((int, int) axes) => Of(axes.Item1, axes.Item2);

    /// <summary>Three axes.</summary>
    public static implicit operator Axes((int, int, int) axes) => Of(axes.Item1, axes.Item2, axes.Item3);

    /// <summary>The axes, for a collection expression's sake.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => ((ReadOnlySpan<int>)axes).GetEnumerator();

    /// <summary>The shape with the axes at length 1.</summary>
    internal static Shape Kept(Shape shape, int[] axes)
    {
        int[] lengths = shape.ToArray();
        foreach (int axis in axes)
        {
            lengths[axis] = 1;
        }

        return Shape.Adopt(lengths);
    }

    /// <summary>The axes counted from 0, ascending.</summary>
    internal int[] Resolve(string operation, Shape shape)
    {
        if (axes is null || axes.Length == 0)
        {
            return [.. Enumerable.Range(0, shape.Rank)];
        }

        int[] resolved = [.. axes.Select(axis => shape.Axis(operation, axis)).Order()];
        for (int index = 1; index < resolved.Length; index++)
        {
            if (resolved[index] == resolved[index - 1])
            {
                Throw.Argument($"{operation}: axis {resolved[index]} is named twice in [{string.Join(", ", axes)}]");
            }
        }

        return resolved;
    }
}
