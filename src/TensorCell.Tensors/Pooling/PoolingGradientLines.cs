using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Pooling;

/// <summary>What a thread that computes gradients of poolings works in.</summary>
internal sealed unsafe class PoolingGradientLines<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CpuBuffer memory;
    private T* target;
    private int rowsCounted;

    /// <summary>Allocates the memory.</summary>
    /// <param name="rows">Elements of all rows that a window reaches, in their parts.</param>
    /// <param name="line">Elements of one.</param>
    /// <param name="part">Elements of each of its parts.</param>
    /// <param name="gathered">Elements of the rows gathered before they are written, and of what vectors write beyond.</param>
    public PoolingGradientLines(nint rows, nint line, nint part, nint gathered)
    {
        memory = CpuBuffer.Allocate(((2 * rows) + (2 * line) + (3 * part) + gathered) * sizeof(T));
        Sums = (T*)memory.Address;
        Elements = Sums + rows;
        Padded = Elements + rows;
        Line = Padded + line;
        Rest = Line + line;
        Greatest = Rest + part;
        Counts = Greatest + part;
        Gathered = Counts + part;

        // What lies beside the input is no greatest element; and there is nothing to give beyond the last window.
        new Span<T>(Padded, checked((int)line)).Fill(T.NaN);
        new Span<T>(Rest, checked((int)(2 * part))).Clear();
        new Span<T>(Counts, checked((int)part)).Fill(T.One);
    }

    /// <summary>For each row that a window reaches, what its elements have got so far.</summary>
    public T* Sums { get; }

    /// <summary>The same rows of the input.</summary>
    public T* Elements { get; }

    /// <summary>A row of the input as it lies between its padding.</summary>
    public T* Padded { get; }

    /// <summary>A row put together.</summary>
    public T* Line { get; }

    /// <summary>What each window has still to give.</summary>
    public T* Rest { get; }

    /// <summary>The greatest element of each window.</summary>
    public T* Greatest { get; }

    /// <summary>How many elements the average of each window counts.</summary>
    public T* Counts { get; }

    /// <summary>Rows that are not yet written.</summary>
    public T* Gathered { get; }

    /// <summary>How many those are.</summary>
    public int GatheredRows { get; set; }

    /// <summary>How many rows of the plane are finished.</summary>
    public int Written { get; set; }

    /// <summary>Turns to the next plane.</summary>
    public void Begin(T* plane)
    {
        target = plane;
        Written = 0;
    }

    /// <summary>Counts the elements of the windows of a row of the result.</summary>
    public void CountElements(PoolingShape shape, int row)
    {
        (int first, int end) = shape.Rows(row);
        if (rowsCounted != end - first)
        {
            rowsCounted = end - first;
            shape.CountElements(row, Counts);
        }
    }

    /// <summary>Writes the rows gathered.</summary>
    public void Flush(int width, bool isStreamed)
    {
        long count = GatheredRows * (long)width;
        Runs.Copy((byte*)Gathered, (byte*)target, count * sizeof(T), isStreamed);
        target += count;
        GatheredRows = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
