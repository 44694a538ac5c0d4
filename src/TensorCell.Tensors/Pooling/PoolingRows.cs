using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Pooling;

/// <summary>
/// Folds windows, row by row of the result: first the rows of its windows into one line, then the columns of that. The rows of the result are gathered
/// before they are written, in long stretches and, where there are more than the caches hold, past them.
/// </summary>
internal sealed unsafe class PoolingRows<TFold, T>
    where TFold : struct, IPoolingFold<T>
    where T : unmanaged, INumber<T>
{
    private const long ElementsPerTask = 1 << 16;
    private const int PrefetchedBytes = 8 << 10;
    private const int GatheredBytes = 8 << 10;
    private readonly PoolingShape shape;
    private readonly T* source;
    private readonly T* target;
    private readonly int stride;
    private readonly int pitch;
    private readonly nint linePitch;
    private readonly nint stepElements;
    private readonly int rowsGathered;
    private readonly bool isStreamed;

    private PoolingRows(PoolingShape shape, T* source, T* target)
    {
        this.shape = shape;
        this.source = source;
        this.target = target;
        stride = shape.Part.Stride.Width;
        pitch = shape.Output.Width + ((shape.Part.Kernel.Width - 1) / stride) + 1;
        stepElements = (nint)shape.Part.Stride.Height * shape.Input.Width;
        linePitch = pitch + Vector<T>.Count;
        rowsGathered = Math.Max(1, GatheredBytes / sizeof(T) / shape.Output.Width);
        isStreamed = StridedCopy.IsStreamed(shape.Planes * shape.Output.Area * sizeof(T));
    }

    // All that windows reach, in whole strides.
    private int Width => stride * pitch;

    // What vectors reach beyond the end of a line.
    private static int Slack => 2 * Vector<T>.Count;

    /// <summary>Folds every window.</summary>
    /// <param name="shape">The lengths.</param>
    /// <param name="source">The input's planes, one after the other.</param>
    /// <param name="target">Receives the result's.</param>
    public static void Run(PoolingShape shape, T* source, T* target) => new PoolingRows<TFold, T>(shape, source, target).Run();

    private void Run()
    {
        long rows = shape.Planes * shape.Output.Height;
        long perRow = Math.Max(1, (long)Width * shape.Part.Kernel.Height);
        long perTask = Math.Max(1, ElementsPerTask / perRow);
        long tasks = (rows + perTask - 1) / perTask;
        if (tasks <= 1)
        {
            RunTask(0, rows);
            return;
        }

        Workers.For(checked((int)tasks), task => RunTask(task * perTask, Math.Min(rows, (task + 1) * perTask)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunTask(long first, long end)
    {
        int length = Width + Slack;
        using CpuBuffer memory = CpuBuffer.Allocate((length + linePitch + (stride * linePitch) + (rowsGathered * (nint)shape.Output.Width) + Slack) * sizeof(T));
        T* folded = (T*)memory.Address;
        T* apart = folded + length;
        T* counts = apart + (stride * linePitch);
        T* gathered = counts + linePitch;
        int rowsCounted = 0;
        new Span<T>(folded, length).Fill(TFold.Identity);
        for (long index = first; index < end; index += rowsGathered)
        {
            int count = (int)Math.Min(rowsGathered, end - index);
            for (int done = 0; done < count; done++)
            {
                (long plane, long row) = Math.DivRem(index + done, shape.Output.Height);
                Prefetch(source + (plane * shape.Input.Area) + (row * stepElements));
                FoldRows(source + (plane * shape.Input.Area), (int)row, folded + shape.Part.Padding.Width);
                T* to = gathered + (done * (nint)shape.Output.Width);
                FoldColumns(folded, apart, to);
                if (TFold.IsMean)
                {
                    CountElements((int)row, counts, ref rowsCounted);
                    Divide(to, counts);
                }
            }

            Runs.Copy((byte*)gathered, (byte*)(target + (index * shape.Output.Width)), (long)count * shape.Output.Width * sizeof(T), isStreamed);
        }
    }

    /// <summary>Asks for what comes later: to the hardware's own prefetching, rows that are read together are many short stretches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prefetch(T* rows)
    {
        if (Sse.IsSupported)
        {
            byte* from = (byte*)rows + PrefetchedBytes;
            for (nint place = 0; place < stepElements * sizeof(T); place += CpuBuffer.Alignment)
            {
                Sse.Prefetch0(from + place);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldRows(T* plane, int row, T* folded)
    {
        int width = Math.Min(shape.Input.Width, Width - shape.Part.Padding.Width);
        (int first, int end) = shape.Rows(row);
        nint pitch = shape.Input.Width;
        T* from = plane + (first * pitch);
        switch (end - first)
        {
            case 1:
                Buffer.MemoryCopy(from, folded, width * sizeof(T), width * sizeof(T));
                break;
            case 2:
                Fold(from, from + pitch, folded, width);
                break;
            default:
                Fold(from, from + pitch, from + (2 * pitch), folded, width);
                for (int next = first + 3; next < end; next++)
                {
                    Fold(folded, plane + (next * pitch), folded, width);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldColumns(T* folded, T* apart, T* to)
    {
        int columns = shape.Part.Kernel.Width;
        if (stride == 2 && columns is 2 or 3 && Phases<T>.HasPairs)
        {
            FoldPairs(folded, to, columns == 3);
            return;
        }

        if (stride > 1)
        {
            Phases<T>.Split(folded, apart, stride, Math.Min(stride, columns), pitch, linePitch);
            folded = apart;
        }

        for (int x = 0; x < shape.Output.Width; x += Vector<T>.Count)
        {
            Vector<T> sum = Vector.Load(folded + x);
            for (int column = 1; column < columns; column++)
            {
                sum = TFold.Fold(sum, Vector.Load(folded + x + (column % stride * linePitch) + (column / stride)));
            }

            sum.Store(to + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldPairs(T* folded, T* to, bool hasThird)
    {
        for (int x = 0; x < shape.Output.Width; x += Vector<T>.Count)
        {
            Vector<T> left = Vector.Load(folded);
            Vector<T> right = Vector.Load(folded + Vector<T>.Count);
            Vector<T> sum = TFold.Fold(Phases<T>.Even(left, right), Phases<T>.Odd(left, right));
            if (hasThird)
            {
                sum = TFold.Fold(sum, Phases<T>.Even(Vector.Load(folded + 2), Vector.Load(folded + 2 + Vector<T>.Count)));
            }

            sum.Store(to + x);
            folded += 2 * Vector<T>.Count;
        }
    }

    private void CountElements(int row, T* counts, ref int rowsCounted)
    {
        (int first, int end) = shape.Rows(row);
        if (rowsCounted != end - first)
        {
            rowsCounted = end - first;
            shape.CountElements(row, counts);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Divide(T* sums, T* counts)
    {
        for (int x = 0; x < shape.Output.Width; x += Vector<T>.Count)
        {
            (Vector.Load(sums + x) / Vector.Load(counts + x)).Store(sums + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold(T* first, T* second, T* to, int count)
    {
        int done = 0;
        for (; done <= count - Vector<T>.Count; done += Vector<T>.Count)
        {
            TFold.Fold(Vector.Load(first + done), Vector.Load(second + done)).Store(to + done);
        }

        for (; done < count; done++)
        {
            to[done] = TFold.Fold(first[done], second[done]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold(T* first, T* second, T* third, T* to, int count)
    {
        int done = 0;
        for (; done <= count - Vector<T>.Count; done += Vector<T>.Count)
        {
            TFold.Fold(TFold.Fold(Vector.Load(first + done), Vector.Load(second + done)), Vector.Load(third + done)).Store(to + done);
        }

        for (; done < count; done++)
        {
            to[done] = TFold.Fold(TFold.Fold(first[done], second[done]), third[done]);
        }
    }
}
