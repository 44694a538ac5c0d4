using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Pooling;

/// <summary>
/// Folds windows, row by row of the result: first the rows of its windows into one, then the columns of that. For strides of more than one column they
/// are taken apart, so that neighbours in the result have neighbours in working memory.
/// </summary>
internal sealed unsafe class PoolingRows<TFold, T>
    where TFold : struct, IPoolingFold<T>
    where T : unmanaged, INumber<T>
{
    private const long ElementsPerTask = 1 << 15;
    private readonly PoolingShape shape;
    private readonly T* source;
    private readonly T* target;
    private readonly int stride;
    private readonly int pitch;

    private PoolingRows(PoolingShape shape, T* source, T* target)
    {
        this.shape = shape;
        this.source = source;
        this.target = target;
        stride = shape.Part.Stride.Width;
        pitch = shape.Output.Width + ((shape.Part.Kernel.Width - 1) / stride) + 1;
    }

    // All that windows reach, in whole strides.
    private int Width => stride * pitch;

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

    private void RunTask(long first, long end)
    {
        using CpuBuffer memory = CpuBuffer.Allocate(2L * Width * sizeof(T));
        T* folded = (T*)memory.Address;
        T* apart = stride == 1 ? folded : folded + Width;
        new Span<T>(folded, Width).Fill(TFold.Identity);
        for (long index = first; index < end; index++)
        {
            (long plane, long row) = Math.DivRem(index, shape.Output.Height);
            FoldRows(source + (plane * shape.Input.Area), (int)row, folded + shape.Part.Padding.Width);
            TakeApart(folded, apart);
            FoldColumns(apart, target + (index * shape.Output.Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldRows(T* plane, int row, T* folded)
    {
        int width = Math.Min(shape.Input.Width, Width - shape.Part.Padding.Width);
        (int first, int end) = shape.Rows(row);
        T* from = plane + (first * (nint)shape.Input.Width);
        Buffer.MemoryCopy(from, folded, width * sizeof(T), width * sizeof(T));
        for (int next = first + 1; next < end; next++)
        {
            from += shape.Input.Width;
            Fold(folded, from, folded, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeApart(T* folded, T* apart)
    {
        if (stride == 1)
        {
            return;
        }

        for (int phase = 0; phase < Math.Min(stride, shape.Part.Kernel.Width); phase++)
        {
            T* to = apart + (phase * pitch);
            T* from = folded + phase;
            for (int index = 0; index < pitch; index++)
            {
                to[index] = from[index * (nint)stride];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldColumns(T* apart, T* to)
    {
        int width = shape.Output.Width;
        if (shape.Part.Kernel.Width == 1)
        {
            Buffer.MemoryCopy(apart, to, width * sizeof(T), width * sizeof(T));
            return;
        }

        T* left = apart;
        for (int column = 1; column < shape.Part.Kernel.Width; column++)
        {
            Fold(left, apart + (column % stride * pitch) + (column / stride), to, width);
            left = to;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(T* left, T* right, T* to, int count)
    {
        int done = 0;
        for (; done <= count - Vector<T>.Count; done += Vector<T>.Count)
        {
            TFold.Fold(Vector.Load(left + done), Vector.Load(right + done)).Store(to + done);
        }

        for (; done < count; done++)
        {
            to[done] = TFold.Fold(left[done], right[done]);
        }
    }
}
