using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>Columns as tensors.</summary>
internal static class TensorConversion
{
    private const int BlockRows = 4096;

    /// <summary>One column as a vector of its own memory.</summary>
    public static Tensor ToTensor(Column column, DType dtype)
    {
        CheckElement(column);
        return dtype switch
        {
            DType.Float32 => Tensor.From(column.ToArray<float>()),
            DType.Float64 => Tensor.From(column.ToArray<double>()),
            DType.Int64 => Tensor.From(column.ToArray<long>()),
            DType.Int32 => Tensor.From(column.ToArray<int>()),
            DType.Bool => Tensor.From(column.ToArray<bool>()),
            _ => throw Throw.NoTensorOfType(column, dtype),
        };
    }

    /// <summary>Columns side by side as a matrix of f32, a row for each row.</summary>
    public static Tensor ToMatrix(IReadOnlyList<Column> columns, int rows)
    {
        if (columns.Count == 0)
        {
            throw Throw.NoColumnsForTensor();
        }

        foreach (Column column in columns)
        {
            CheckElement(column);
        }

        long count = (long)rows * columns.Count;
        if (count > Array.MaxLength)
        {
            throw Throw.TensorTooLarge(rows, columns.Count);
        }

        float[] elements = GC.AllocateUninitializedArray<float>((int)count, pinned: true);
        int width = columns.Count;
        Workers.For((rows + BlockRows - 1) / BlockRows, block =>
        {
            int start = block * BlockRows;
            int blockRows = Math.Min(BlockRows, rows - start);
            for (int column = 0; column < width; column++)
            {
                Fill(columns[column], start, elements.AsSpan(start * width, blockRows * width), column, width);
            }
        });
        return Tensor.From(elements).Reshape(rows, width);
    }

    private static void Fill(Column column, int start, Span<float> rows, int offset, int width)
    {
        int count = rows.Length / width;
        switch (column)
        {
            case ValueColumn<double> { Values: var values }:
                ReadOnlySpan<double> doubles = values.Span.Slice(start, count);
                for (int row = 0; row < doubles.Length; row++)
                {
                    rows[(row * width) + offset] = (float)doubles[row];
                }

                break;
            case ValueColumn<float> { Values: var values }:
                ReadOnlySpan<float> floats = values.Span.Slice(start, count);
                for (int row = 0; row < floats.Length; row++)
                {
                    rows[(row * width) + offset] = floats[row];
                }

                break;
            default:
                for (int row = 0; row < count; row++)
                {
                    int index = start + row;
                    rows[(row * width) + offset] = column.GetIsMissing(index) ? float.NaN
                        : column is ValueColumn<long> integers ? integers.Values.Span[index]
                        : ((ValueColumn<bool>)column).Values.Span[index] ? 1 : 0;
                }

                break;
        }
    }

    private static void CheckElement(Column column)
    {
        if (!column.Type.IsTensorElement)
        {
            throw Throw.NoTensorElement(column);
        }
    }
}
