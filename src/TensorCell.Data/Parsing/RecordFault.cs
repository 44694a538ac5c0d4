namespace TensorCell.Data.Parsing;

/// <summary>What is wrong with a row, and where the row begins in the source.</summary>
/// <param name="Offset">Offset of the row's first byte.</param>
/// <param name="Column">The column's number; -1 when the whole row is meant.</param>
/// <param name="Problem">What was found and what was expected.</param>
internal readonly record struct RecordFault(long Offset, int Column, string Problem) : IComparable<RecordFault>
{
    public int CompareTo(RecordFault other) =>
        Offset != other.Offset ? Offset.CompareTo(other.Offset) : Column.CompareTo(other.Column);
}
