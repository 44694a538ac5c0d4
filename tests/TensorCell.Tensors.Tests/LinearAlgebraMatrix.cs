using TensorCell.Kernels;
using TensorCell.Kernels.Tests;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Tests;

/// <summary>How a test matrix lies in memory.</summary>
public enum MatrixLayout
{
    /// <summary>Rows of adjacent elements.</summary>
    RowMajor,

    /// <summary>Columns of adjacent elements.</summary>
    ColumnMajor,

    /// <summary>Rows of adjacent elements with room between them.</summary>
    PaddedRows,

    /// <summary>Every third element of every row.</summary>
    Strided,

    /// <summary>The last row first.</summary>
    ReversedRows,
}

/// <summary>A matrix of f32 or f64 in a buffer of its own, with a guard around its elements.</summary>
internal sealed class LinearAlgebraMatrix : IDisposable
{
    private const double Guard = -12345.0;
    private const int Margin = 8;
    private readonly CpuBuffer buffer;
    private readonly long first;

    public LinearAlgebraMatrix(DType dtype, int rows, int columns, MatrixLayout layout)
        : this(dtype, rows, columns, layout, CpuBuffer.Allocate, Margin)
    {
    }

    private LinearAlgebraMatrix(DType dtype, int rows, int columns, MatrixLayout layout, Func<long, CpuBuffer> allocate, int margin)
    {
        DType = dtype;
        Rows = rows;
        Columns = columns;
        (RowStride, ColumnStride) = layout switch
        {
            MatrixLayout.RowMajor => ((long)columns, 1L),
            MatrixLayout.ColumnMajor => (1L, (long)rows),
            MatrixLayout.PaddedRows => (columns + 5L, 1L),
            MatrixLayout.Strided => ((3L * columns) + 1, 3L),
            _ => (-columns, 1L),
        };
        var extent = ((rows - 1) * Math.Abs(RowStride)) + ((columns - 1) * ColumnStride) + 1;
        first = margin + (RowStride < 0 ? (rows - 1) * -RowStride : 0);
        buffer = allocate((Math.Max(extent, 0) + (2 * margin)) * dtype.Size);
        for (var i = 0L; i < buffer.ByteLength / dtype.Size; i++)
        {
            Write(i, Guard);
        }
    }

    public DType DType { get; }

    public int Rows { get; }

    public int Columns { get; }

    public long RowStride { get; }

    public long ColumnStride { get; }

    public MatrixOperand Operand => new(buffer.Address + (nint)(first * DType.Size), RowStride, ColumnStride);

    public double this[int row, int column]
    {
        get => Read(first + (row * RowStride) + (column * ColumnStride));
        set => Write(first + (row * RowStride) + (column * ColumnStride), value);
    }

    /// <summary>A matrix whose first or last element lies against a page that nobody may touch.</summary>
    public static LinearAlgebraMatrix AgainstGuardPage(DType dtype, int rows, int columns, MatrixLayout layout, bool atEnd) =>
        new(dtype, rows, columns, layout, bytes => GuardedMemory.Allocate(bytes, atEnd), margin: 0);

    public LinearAlgebraMatrix Fill(Random random)
    {
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Columns; j++)
            {
                this[i, j] = (random.NextDouble() * 2) - 1;
            }
        }

        return this;
    }

    /// <summary>The bits of every element of the buffer, guard included.</summary>
    public byte[] Bytes() => buffer.AsSpan<byte>().ToArray();

    /// <summary>Whether every element of the matrix has been written.</summary>
    public bool IsFilled() => !Enumerable.Range(0, Rows).Any(i => Enumerable.Range(0, Columns).Any(j => this[i, j] == Guard));

    /// <summary>Whether every element outside the matrix is as it was.</summary>
    public bool IsGuardIntact()
    {
        var inside = new HashSet<long>();
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Columns; j++)
            {
                inside.Add(first + (i * RowStride) + (j * ColumnStride));
            }
        }

        for (var i = 0L; i < buffer.ByteLength / DType.Size; i++)
        {
            if (!inside.Contains(i) && Read(i) != Guard)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => buffer.Dispose();

    private double Read(long index) =>
        DType == DType.Float32 ? buffer.AsSpan<float>()[(int)index] : buffer.AsSpan<double>()[(int)index];

    private void Write(long index, double value)
    {
        if (DType == DType.Float32)
        {
            buffer.AsSpan<float>()[(int)index] = (float)value;
        }
        else
        {
            buffer.AsSpan<double>()[(int)index] = value;
        }
    }
}
