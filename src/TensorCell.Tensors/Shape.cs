using System.Collections;
using System.Runtime.CompilerServices;

namespace TensorCell.Tensors;

/// <summary>The lengths of a tensor's axes; the default value is the shape of a scalar.</summary>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? lengths;

    private Shape(int[] lengths) => this.lengths = lengths;

    /// <summary>The number of axes.</summary>
    public int Rank => lengths?.Length ?? 0;

    /// <summary>The number of elements: the product of the lengths, 1 for a scalar.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (int length in Lengths)
            {
                count *= length;
            }

            return count;
        }
    }

    /// <summary>The lengths, outermost axis first.</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The length of an axis; negative axes count from the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => lengths![Axis("shape", axis)];

    /// <summary>A shape of the given lengths.</summary>
    /// <exception cref="ArgumentException">A length is negative, or there are more than 2^59 elements.</exception>
    public static Shape Of(params ReadOnlySpan<int> lengths)
    {
        Shape shape = new(lengths.ToArray());
        foreach (int length in lengths)
        {
            if (length < 0)
            {
                Throw.Argument($"shape: {shape} has a negative length");
            }
        }

        return Countable(shape);
    }

    /// <summary>A shape of one axis.</summary>
    public static implicit operator Shape(int length) => Of(length);

    /// <summary>A shape of the given lengths.</summary>
    public static implicit operator Shape(int[] lengths) => Of(lengths);

    /// <summary>A shape of two axes.</summary>
    public static implicit operator Shape((int, int) lengths) => Of(lengths.Item1, lengths.Item2);

    /// <summary>A shape of three axes.</summary>
    public static implicit operator Shape((int, int, int) lengths) => Of(lengths.Item1, lengths.Item2, lengths.Item3);

    /// <summary>A shape of four axes.</summary>
    public static implicit operator Shape((int, int, int, int) lengths) =>
        Of(lengths.Item1, lengths.Item2, lengths.Item3, lengths.Item4);

    /// <summary>Whether both have the same lengths in the same order.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the lengths differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => lengths == other.lengths || Lengths.SequenceEqual(other.Lengths);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int length in Lengths)
        {
            hash.Add(length);
        }

        return hash.ToHashCode();
    }

    /// <summary>The lengths in brackets: <c>[2, 3]</c>; a scalar's is <c>[]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", lengths ?? [])}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(lengths ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The lengths as a new array.</summary>
    public int[] ToArray() => Lengths.ToArray();

    /// <summary>The shape that results from broadcasting all of them together by NumPy's rule.</summary>
    internal static Shape Broadcast(string operation, Shape first, Shape second)
    {
        if (first.Equals(second) || second.Rank == 0)
        {
            return first;
        }

        if (first.Rank == 0)
        {
            return second;
        }

        int rank = Math.Max(first.Rank, second.Rank);
        int[] result = new int[rank];
        for (int back = 1; back <= rank; back++)
        {
            int left = back <= first.Rank ? first.lengths![^back] : 1;
            int right = back <= second.Rank ? second.lengths![^back] : 1;
            result[^back] = left == right || right == 1 ? left
                : left == 1 ? right
                : Throw.Broadcast<int>(operation, [first, second]);
        }

        return Countable(new Shape(result));
    }

    /// <summary>A shape that takes over the array, whose lengths are known to be right.</summary>
    internal static Shape Adopt(int[] lengths) => new(lengths);

    /// <summary>The shape, if the bytes of its elements, whatever their type, can be counted.</summary>
    private static Shape Countable(Shape shape)
    {
        UInt128 count = 1;
        foreach (int length in shape.Lengths)
        {
            count *= (UInt128)Math.Max(length, 1);
            if (count > 1UL << 59)
            {
                Throw.Argument($"shape: {shape} has more than 2^59 elements");
            }
        }

        return shape;
    }

    /// <summary>A count as the length of an axis.</summary>
    /// <exception cref="ArgumentException">It is too great.</exception>
    internal static int Length(string operation, long count) => count is >= 0 and <= int.MaxValue
        ? (int)count
        : Throw.Argument<int>($"{operation}: {count} elements along one axis; an axis, a span or an array has at most {int.MaxValue}");

    /// <summary>A possibly negative axis as one from 0.</summary>
    internal int Axis(string operation, int axis)
    {
        int rank = Rank;
        return axis >= rank || axis < -rank ? Throw.Axis(operation, axis, this) : axis < 0 ? axis + rank : axis;
    }
}
