namespace TensorCell.Data.Parsing;

/// <summary>The memory of a column whose number of rows was a guess at first.</summary>
internal static class SinkMemory
{
    /// <summary>The first rows of an array; copied when what would lie idle behind them is worth it.</summary>
    public static ReadOnlyMemory<T> Fit<T>(T[] values, int rows)
    {
        const int Trifle = 1 << 16;
        bool isWasteful = values.Length - rows > rows / 4 || rows < Trifle;
        return isWasteful ? values.AsSpan(0, rows).ToArray() : values.AsMemory(0, rows);
    }
}
