using System.Collections;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>Numbers in sequences of sequences, which become a tensor of an axis for each depth.</summary>
internal sealed class NestedSequence<T>
    where T : unmanaged
{
    private const int Unknown = -1;

    private readonly int[] lengths;
    private readonly int[] place;
    private readonly List<T[]> rows = [];

    private NestedSequence(int rank)
    {
        lengths = new int[rank];
        place = new int[rank];
        lengths.AsSpan().Fill(Unknown);
    }

    /// <summary>The tensor of a sequence.</summary>
    /// <param name="sequence">Sequences of sequences, in the last of which numbers are.</param>
    /// <param name="rank">How deep.</param>
    public static Tensor ToTensor(IEnumerable sequence, int rank)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        NestedSequence<T> nested = new(rank);
        nested.Gather(sequence, 0);
        Shape shape = Shape.Of([.. nested.lengths.Select(length => Math.Max(length, 0))]);
        DType dtype = DTypes.Of<T>();
        Storage storage = Storage.Allocate(shape.Count * dtype.Size);
        long offset = 0;
        foreach (T[] row in nested.rows)
        {
            storage.CopyFrom<T>(row, offset);
            offset += row.Length;
        }

        return Tensor.Wrap(storage, shape, dtype);
    }

    private void Gather(IEnumerable sequence, int axis)
    {
        int length = 0;
        if (axis == lengths.Length - 1)
        {
            T[] row = sequence as T[] ?? [.. (IEnumerable<T>)sequence];
            rows.Add(row);
            length = row.Length;
        }
        else
        {
            foreach (object? part in sequence)
            {
                place[axis] = length;
                if (part is not IEnumerable inner)
                {
                    Throw.Argument($"from: {Where(axis + 1)} is null");
                    return;
                }

                Gather(inner, axis + 1);
                length++;
            }
        }

        if (lengths[axis] == Unknown)
        {
            lengths[axis] = length;
        }
        else if (lengths[axis] != length)
        {
            Throw.Argument($"from: {Where(axis)} has length {length}, and those before it {lengths[axis]}; a tensor's rows are equally long");
        }
    }

    /// <summary>The sequence being read, by its indices.</summary>
    private string Where(int axis) => $"sequence [{string.Join(", ", place.Take(axis))}]";
}
