namespace TensorCell.Kernels.Tests.Simd;

/// <summary>How the elements of an operand lie.</summary>
internal enum OperandLayout
{
    RowMajor,
    ColumnMajor,

    /// <summary>Row by row, with unused elements between them and between rows.</summary>
    Padded,

    /// <summary>Row by row, from the last element to the first.</summary>
    Reversed,

    /// <summary>One row for all.</summary>
    RepeatedRows,

    /// <summary>One column for all.</summary>
    RepeatedColumns,
}

/// <summary>Facts about each <see cref="OperandLayout"/>.</summary>
internal static class OperandLayouts
{
    /// <summary>The layouts that an output may have.</summary>
    public static readonly OperandLayout[] Writable = [OperandLayout.RowMajor, OperandLayout.ColumnMajor, OperandLayout.Padded, OperandLayout.Reversed];

    /// <summary>Elements from one to the next along each dimension of a shape.</summary>
    public static long[] Steps(this OperandLayout layout, long[] shape)
    {
        var steps = new long[shape.Length];
        var step = layout == OperandLayout.Padded ? 2L : layout == OperandLayout.Reversed ? -1 : 1;
        for (var i = 0; i < shape.Length; i++)
        {
            var dimension = layout == OperandLayout.ColumnMajor ? i : shape.Length - 1 - i;
            var repeated = layout == OperandLayout.RepeatedColumns ? i == 0 : layout == OperandLayout.RepeatedRows && i == shape.Length - 1;
            steps[dimension] = repeated ? 0 : step;
            step *= repeated ? 1 : (layout == OperandLayout.Padded ? 1 : 0) + shape[dimension];
        }

        return steps;
    }
}
