using System.Globalization;

namespace TensorCell.Data;

/// <summary>One row of a frame.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Index">The row's number in it, from 0.</param>
public readonly record struct FrameRow(Frame Frame, int Index)
{
    /// <summary>The value in a column; null where it is missing.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public object? this[string column] => Frame[column][Index];

    /// <summary>The value in a column; null where it is missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public object? this[int column] => Frame[column][Index];

    /// <summary>The value in a column of numbers or booleans; NaN where it is missing.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    public double Number(string column) => Frame[column] switch
    {
        var found when found.IsMissing(Index) => double.NaN,
        ValueColumn<double> found => found.Values.Span[Index],
        ValueColumn<float> found => found.Values.Span[Index],
        ValueColumn<long> found => found.Values.Span[Index],
        ValueColumn<bool> found => found.Values.Span[Index] ? 1 : 0,
        var found => throw Throw.NoTensorElement(found),
    };

    /// <summary>The value in a column as text; null where it is missing.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public string? Text(string column) => Frame[column] is var found && found.IsMissing(Index) ? null : found.GetText(Index);

    /// <summary>The row's values, as text.</summary>
    public override string ToString()
    {
        int row = Index;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row}: {string.Join(", ", Frame.Columns.Select(column => $"{column.Name} = {column.GetText(row)}"))}");
    }
}
