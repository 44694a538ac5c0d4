using System.Runtime.CompilerServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// Products with a single column or row, which read the matrix once and are bound by memory: nothing is packed, and several rows
/// or columns are read abreast, each in order.
/// </summary>
internal static unsafe class MatrixVector<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const int RowsAbreast = 4;
    private const int ColumnsAbreast = 4;
    private const nint BlockElements = 1 << 16;

    // Long stretches of memory are fetched ahead by the hardware; what is summed stays in the nearest cache.
    private const nint LongestColumns = 2048;

    /// <summary>Computes the product if it is one with a vector and its matrix has adjacent elements in either direction.</summary>
    public static bool TryRun(in MatrixProduct product)
    {
        var upright = product.Columns == 1 ? product : product.Transposed;
        if (upright.Columns != 1 || upright.Depth == 0 || (upright.A.ColumnStride != 1 && upright.A.RowStride != 1))
        {
            return false;
        }

        Run(upright);
        return true;
    }

    private static void Run(in MatrixProduct product)
    {
        var rows = (nint)product.Rows;
        var depth = (nint)product.Depth;
        using var vector = product.B.RowStride == 1 ? null : MatrixMultiply.Allocate(depth * sizeof(T));
        var x = (T*)product.B.Address;
        if (vector is not null)
        {
            Gather(x, (nint)product.B.RowStride, depth, (T*)vector.Address);
            x = (T*)vector.Address;
        }

        var a = (T*)product.A.Address;
        var c = (T*)product.C.Address;
        var cStride = (nint)product.C.RowStride;
        if (product.A.ColumnStride == 1)
        {
            var aStride = (nint)product.A.RowStride;
            ForBlocks(product, Math.Max(RowsAbreast, BlockElements / depth & -RowsAbreast), (row, end) =>
                Dots(a + (row * aStride), aStride, x, depth, c + (row * cStride), cStride, end - row));
        }
        else
        {
            var aStride = (nint)product.A.ColumnStride;
            ForBlocks(product, Math.Clamp(BlockSizes.RoundUp(rows / Workers.ThreadCount, 64), 128, LongestColumns), (row, end) =>
                Columns(a + row, aStride, x, depth, c + (row * cStride), cStride, end - row));
        }

        GC.KeepAlive(vector);
    }

    private static void Gather(T* source, nint stride, nint count, T* target)
    {
        for (nint i = 0; i < count; i++)
        {
            target[i] = source[i * stride];
        }
    }

    private static void ForBlocks(in MatrixProduct product, nint rowsPerBlock, Action<nint, nint> body)
    {
        var rows = (nint)product.Rows;
        if (MatrixMultiply.IsSerial(product))
        {
            body(0, rows);
            return;
        }

        Workers.For((int)((rows + rowsPerBlock - 1) / rowsPerBlock), block =>
            body(block * rowsPerBlock, Math.Min(rows, (block + 1) * rowsPerBlock)));
    }

    private static void Dots(T* a, nint aStride, T* x, nint depth, T* c, nint cStride, nint rows)
    {
        nint row = 0;
        for (; row + RowsAbreast <= rows; row += RowsAbreast)
        {
            FourDots(a + (row * aStride), aStride, x, depth, c + (row * cStride), cStride);
        }

        for (; row < rows; row++)
        {
            c[row * cStride] = Dot(a + (row * aStride), x, depth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDots(T* a, nint aStride, T* x, nint depth, T* c, nint cStride)
    {
        TVector left0 = TSimd.Zero, left1 = TSimd.Zero, left2 = TSimd.Zero, left3 = TSimd.Zero;
        TVector right0 = TSimd.Zero, right1 = TSimd.Zero, right2 = TSimd.Zero, right3 = TSimd.Zero;
        var a1 = a + aStride;
        var a2 = a1 + aStride;
        var a3 = a2 + aStride;
        nint i = 0;
        for (; i + (2 * TSimd.Count) <= depth; i += 2 * TSimd.Count)
        {
            var xLeft = TSimd.Load(x + i);
            var xRight = TSimd.Load(x + i + TSimd.Count);
            left0 = TSimd.MultiplyAdd(TSimd.Load(a + i), xLeft, left0);
            left1 = TSimd.MultiplyAdd(TSimd.Load(a1 + i), xLeft, left1);
            left2 = TSimd.MultiplyAdd(TSimd.Load(a2 + i), xLeft, left2);
            left3 = TSimd.MultiplyAdd(TSimd.Load(a3 + i), xLeft, left3);
            right0 = TSimd.MultiplyAdd(TSimd.Load(a + i + TSimd.Count), xRight, right0);
            right1 = TSimd.MultiplyAdd(TSimd.Load(a1 + i + TSimd.Count), xRight, right1);
            right2 = TSimd.MultiplyAdd(TSimd.Load(a2 + i + TSimd.Count), xRight, right2);
            right3 = TSimd.MultiplyAdd(TSimd.Load(a3 + i + TSimd.Count), xRight, right3);
        }

        c[0] = Rest(a, x, i, depth, TSimd.Add(left0, right0));
        c[cStride] = Rest(a1, x, i, depth, TSimd.Add(left1, right1));
        c[2 * cStride] = Rest(a2, x, i, depth, TSimd.Add(left2, right2));
        c[3 * cStride] = Rest(a3, x, i, depth, TSimd.Add(left3, right3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot(T* a, T* x, nint depth)
    {
        TVector left = TSimd.Zero, right = TSimd.Zero;
        nint i = 0;
        for (; i + (2 * TSimd.Count) <= depth; i += 2 * TSimd.Count)
        {
            left = TSimd.MultiplyAdd(TSimd.Load(a + i), TSimd.Load(x + i), left);
            right = TSimd.MultiplyAdd(TSimd.Load(a + i + TSimd.Count), TSimd.Load(x + i + TSimd.Count), right);
        }

        return Rest(a, x, i, depth, TSimd.Add(left, right));
    }

    private static T Rest(T* a, T* x, nint from, nint depth, TVector sum)
    {
        var total = Numbers<T>.FromDouble(TSimd.Sum(sum));
        for (var i = from; i < depth; i++)
        {
            total = Numbers<T>.MultiplyAdd(a[i], x[i], total);
        }

        return total;
    }

    // The block's part of the result stays in the nearest cache while the columns stream past.
    private static void Columns(T* a, nint aStride, T* x, nint depth, T* c, nint cStride, nint rows)
    {
        using var aside = cStride == 1 ? null : MatrixMultiply.Allocate(rows * sizeof(T));
        var sums = aside is null ? c : (T*)aside.Address;
        new Span<T>(sums, checked((int)rows)).Clear();
        nint column = 0;
        for (; column + ColumnsAbreast <= depth; column += ColumnsAbreast)
        {
            AddFourColumns(a + (column * aStride), aStride, x + column, sums, rows);
        }

        for (; column < depth; column++)
        {
            AddColumn(a + (column * aStride), x[column], sums, rows, 0);
        }

        for (nint row = 0; aside is not null && row < rows; row++)
        {
            c[row * cStride] = sums[row];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFourColumns(T* a, nint aStride, T* x, T* sums, nint rows)
    {
        var x0 = TSimd.Broadcast(x);
        var x1 = TSimd.Broadcast(x + 1);
        var x2 = TSimd.Broadcast(x + 2);
        var x3 = TSimd.Broadcast(x + 3);
        var a1 = a + aStride;
        var a2 = a1 + aStride;
        var a3 = a2 + aStride;
        nint row = 0;
        for (; row + TSimd.Count <= rows; row += TSimd.Count)
        {
            var sum = TSimd.MultiplyAdd(TSimd.Load(a + row), x0, TSimd.Load(sums + row));
            sum = TSimd.MultiplyAdd(TSimd.Load(a1 + row), x1, sum);
            sum = TSimd.MultiplyAdd(TSimd.Load(a2 + row), x2, sum);
            sum = TSimd.MultiplyAdd(TSimd.Load(a3 + row), x3, sum);
            TSimd.Store(sum, sums + row);
        }

        AddColumn(a, x[0], sums, rows, row);
        AddColumn(a1, x[1], sums, rows, row);
        AddColumn(a2, x[2], sums, rows, row);
        AddColumn(a3, x[3], sums, rows, row);
    }

    private static void AddColumn(T* a, T factor, T* sums, nint rows, nint from)
    {
        for (var row = from; row < rows; row++)
        {
            sums[row] = Numbers<T>.MultiplyAdd(a[row], factor, sums[row]);
        }
    }
}
