using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Pooling;

/// <summary>
/// Spreads the gradients of windows over their elements, plane by plane, in one pass. The rows that the windows of a row of the result reach are kept in the
/// nearest cache with their columns taken apart by strides, so that what each place in a window gets is added for many windows at once; a row that no later
/// window reaches is put together and written.
/// </summary>
internal sealed unsafe class PoolingGradients<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const long ElementsPerTask = 1 << 16;
    private const int GatheredBytes = 8 << 10;
    private const int PrefetchedBytes = 8 << 10;
    private readonly PoolingShape shape;
    private readonly T* source;
    private readonly T* greatest;
    private readonly T* gradient;
    private readonly T* target;
    private readonly Size2 kernel;
    private readonly int width;
    private readonly int columns;
    private readonly int padding;
    private readonly int stride;
    private readonly int phases;
    private readonly int length;
    private readonly nint pitch;
    private readonly int rowsGathered;
    private readonly bool isStreamed;

    private PoolingGradients(PoolingShape shape, T* source, T* greatest, T* gradient, T* target)
    {
        this.shape = shape;
        this.source = source;
        this.greatest = greatest;
        this.gradient = gradient;
        this.target = target;
        kernel = shape.Part.Kernel;
        width = shape.Input.Width;
        columns = shape.Output.Width;
        padding = shape.Part.Padding.Width;
        stride = shape.Part.Stride.Width;
        phases = Math.Min(stride, kernel.Width);
        length = Math.Max(columns + ((kernel.Width - 1) / stride), (width + padding + stride - 1) / stride);
        pitch = length + (2 * Vector<T>.Count);
        rowsGathered = Math.Max(1, GatheredBytes / sizeof(T) / width);
        isStreamed = StridedCopy.IsStreamed(shape.Planes * shape.Input.Area * sizeof(T));
    }

    // A row in its parts.
    private nint RowPitch => phases * pitch;

    /// <summary>Gives each window's gradient to the first of its greatest elements.</summary>
    /// <param name="shape">The lengths.</param>
    /// <param name="source">The input.</param>
    /// <param name="greatest">The result of pooling.</param>
    /// <param name="gradient">The gradient of that.</param>
    /// <param name="target">Receives the gradient of the input.</param>
    public static void Max(PoolingShape shape, T* source, T* greatest, T* gradient, T* target) =>
        new PoolingGradients<T>(shape, source, greatest, gradient, target).Run();

    /// <summary>Gives each element of a window the window's gradient divided by what an average counts.</summary>
    /// <param name="shape">The lengths.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="target">Receives the gradient of the input.</param>
    public static void Average(PoolingShape shape, T* gradient, T* target) =>
        new PoolingGradients<T>(shape, null, null, gradient, target).Run();

    private void Run()
    {
        long perTask = Math.Max(1, ElementsPerTask / Math.Max(shape.Input.Area, shape.Output.Area * kernel.Area));
        Workers.For(checked((int)((shape.Planes + perTask - 1) / perTask)), task =>
        {
            using PoolingGradientLines<T> lines = new(kernel.Height * RowPitch, stride * pitch, pitch, (rowsGathered * (nint)width) + (stride * pitch));
            for (long plane = task * perTask; plane < Math.Min(shape.Planes, (task + 1) * perTask); plane++)
            {
                RunPlane(plane, lines);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunPlane(long plane, PoolingGradientLines<T> lines)
    {
        T* from = source + (plane * shape.Input.Area);
        lines.Begin(target + (plane * shape.Input.Area));
        int read = 0;
        for (int row = 0; row < shape.Output.Height; row++)
        {
            (int first, int end) = shape.Rows(row);
            WriteRows(lines, first, read);
            for (read = Math.Max(read, first); read < end; read++)
            {
                ReadRow(from, read, lines);
            }

            nint place = (nint)((plane * shape.Output.Height) + row) * columns;
            Copy(gradient + place, lines.Rest, columns);
            if (source == null)
            {
                lines.CountElements(shape, row);
                AddAverages(first, end, lines);
                continue;
            }

            Copy(greatest + place, lines.Greatest, columns);
            if (HasNaN(lines.Greatest))
            {
                AddOneByOne(row, from, lines);
            }
            else
            {
                AddToGreatest(first, end, lines);
            }
        }

        WriteRows(lines, shape.Input.Height, read);
    }

    private static void Copy(T* from, T* to, int count) => new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, count));

    /// <summary>Which of the rows in working memory one of the input is.</summary>
    private nint Slot(int row) => row % kernel.Height * RowPitch;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRow(T* plane, int row, PoolingGradientLines<T> lines)
    {
        new Span<T>(lines.Sums + Slot(row), (int)RowPitch).Clear();
        if (source != null)
        {
            T* from = plane + (row * (nint)width);
            Prefetch(from);
            Copy(from, lines.Padded + padding, width);
            Phases<T>.Split(lines.Padded, lines.Elements + Slot(row), stride, phases, length, pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prefetch(T* row)
    {
        if (Sse.IsSupported)
        {
            byte* from = (byte*)row + PrefetchedBytes;
            for (nint place = 0; place < width * (nint)sizeof(T); place += CpuBuffer.Alignment)
            {
                Sse.Prefetch0(from + place);
            }
        }
    }

    /// <summary>Writes the rows up to one; those that have not been read are in no window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRows(PoolingGradientLines<T> lines, int end, int read)
    {
        for (; lines.Written < end; lines.Written++)
        {
            T* to = lines.Gathered + (lines.GatheredRows * (nint)width);
            if (lines.Written >= read)
            {
                new Span<T>(to, width).Clear();
            }
            else if (padding == 0)
            {
                Phases<T>.Join(lines.Sums + Slot(lines.Written), to, stride, phases, length, pitch);
            }
            else
            {
                Phases<T>.Join(lines.Sums + Slot(lines.Written), lines.Line, stride, phases, length, pitch);
                Copy(lines.Line + padding, to, width);
            }

            lines.GatheredRows++;
            if (lines.GatheredRows == rowsGathered || lines.Written == shape.Input.Height - 1)
            {
                lines.Flush(width, isStreamed);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool HasNaN(T* line)
    {
        for (int x = 0; x < columns; x += Vector<T>.Count)
        {
            Vector<T> numbers = Vector.Load(line + x);
            if (!Vector.EqualsAll(numbers, numbers))
            {
                return true;
            }
        }

        return false;
    }

    // What a window gives away it has no more: an equal element further on gets nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddToGreatest(int first, int end, PoolingGradientLines<T> lines)
    {
        T* rest = lines.Rest;
        T* most = lines.Greatest;
        for (int row = first; row < end; row++)
        {
            for (int column = 0; column < kernel.Width; column++)
            {
                nint place = Slot(row) + (column % stride * pitch) + (column / stride);
                T* elements = lines.Elements + place;
                T* sums = lines.Sums + place;
                for (int x = 0; x < columns; x += Vector<T>.Count)
                {
                    Vector<T> isGreatest = Vector.Equals(Vector.Load(elements + x), Vector.Load(most + x));
                    Vector<T> left = Vector.Load(rest + x);
                    (Vector.Load(sums + x) + (left & isGreatest)).Store(sums + x);
                    Vector.AndNot(left, isGreatest).Store(rest + x);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddOneByOne(int row, T* plane, PoolingGradientLines<T> lines)
    {
        for (int x = 0; x < columns; x++)
        {
            (int foundRow, int foundColumn) = FirstGreatest(row, x, plane, lines.Greatest[x]);
            int place = foundColumn + padding;
            lines.Sums[Slot(foundRow) + (place % stride * pitch) + (place / stride)] += lines.Rest[x];
        }
    }

    private (int Row, int Column) FirstGreatest(int row, int column, T* plane, T most)
    {
        (int first, int end) = shape.Rows(row);
        (int left, int right) = shape.Columns(column);
        for (int y = first; y < end; y++)
        {
            for (int x = left; x < right; x++)
            {
                T element = plane[(y * (nint)width) + x];
                if (element == most || T.IsNaN(element))
                {
                    return (y, x);
                }
            }
        }

        return (first, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddAverages(int first, int end, PoolingGradientLines<T> lines)
    {
        T* spread = lines.Elements;
        new Span<T>(spread, (int)RowPitch).Clear();
        for (int x = 0; x < columns; x += Vector<T>.Count)
        {
            (Vector.Load(lines.Rest + x) / Vector.Load(lines.Counts + x)).Store(lines.Rest + x);
        }

        for (int column = 0; column < kernel.Width; column++)
        {
            Add(lines.Rest, spread + (column % stride * pitch) + (column / stride), columns);
        }

        for (int row = first; row < end; row++)
        {
            Add(spread, lines.Sums + Slot(row), RowPitch - Vector<T>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* from, T* to, nint count)
    {
        for (nint x = 0; x < count; x += Vector<T>.Count)
        {
            (Vector.Load(to + x) + Vector.Load(from + x)).Store(to + x);
        }
    }
}
