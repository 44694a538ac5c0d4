using System.Collections;

namespace TensorCell.Data;

/// <summary>The rows of a frame, one after another.</summary>
public readonly struct FrameRows : IReadOnlyList<FrameRow>
{
    private readonly Frame frame;

    internal FrameRows(Frame frame) => this.frame = frame;

    /// <summary>Number of rows.</summary>
    public int Count => frame.RowCount;

    /// <summary>A row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public FrameRow this[int index] =>
        (uint)index < (uint)frame.RowCount ? new FrameRow(frame, index) : throw Throw.NoFrameRow(frame, index);

    /// <inheritdoc/>
    public IEnumerator<FrameRow> GetEnumerator()
    {
        for (int row = 0; row < frame.RowCount; row++)
        {
            yield return new FrameRow(frame, row);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
