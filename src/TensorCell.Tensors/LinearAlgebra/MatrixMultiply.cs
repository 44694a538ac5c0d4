using System.Diagnostics;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// Matrix products on the processor: of f32 and f64, through vectors of <see cref="VectorWidth.Bits"/>, and of i32 and i64, which wrap. The result
/// is the same whatever the number of threads. Long products notice an interruption within milliseconds; C is then incomplete.
/// </summary>
public static class MatrixMultiply
{
    // A product of less work than this is done before another thread has woken.
    private const double SerialFlops = 1e6;

    // Of a batch of products with less work than this each, every thread computes whole ones.
    private const double SharedFlops = 1e8;

    /// <summary>Where products get memory to work in, by bytes; tests put it against guard pages.</summary>
    internal static Func<long, CpuBuffer> Allocate { get; set; } = CpuBuffer.Allocate;

    /// <summary>Computes one product.</summary>
    /// <param name="dtype">Element type of the three matrices: f32, f64, i32 or i64.</param>
    /// <param name="product">The shape and the matrices.</param>
    /// <param name="epilogue">Work to do on each part of C when it is complete.</param>
    /// <exception cref="NotSupportedException">Another element type.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public static void Run(DType dtype, in MatrixProduct product, MatrixEpilogue epilogue = default)
    {
        Check(dtype, product);
        var start = Stopwatch.GetTimestamp();
        Compute(dtype, product, epilogue);
        Trace(dtype, product, 1, start);
    }

    /// <summary>Computes products of one shape.</summary>
    /// <param name="dtype">Element type of all matrices: f32, f64, i32 or i64.</param>
    /// <param name="product">The shape, and the matrices that the offsets count from.</param>
    /// <param name="batch">Where each product lies. No two results share memory.</param>
    /// <param name="epilogue">Work to do on each part of the results when it is complete; the rows of one result count on from those of the one before.</param>
    /// <exception cref="NotSupportedException">Another element type.</exception>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public static void RunBatch(DType dtype, in MatrixProduct product, ReadOnlySpan<MatrixOffsets> batch, MatrixEpilogue epilogue = default)
    {
        Check(dtype, product);
        var start = Stopwatch.GetTimestamp();
        if (MergesIntoOne(product, batch))
        {
            Compute(dtype, product.At(batch[0], dtype.Size) with { Rows = product.Rows * batch.Length }, epilogue);
        }
        else if (batch.Length > 1 && product.Flops < SharedFlops && product.Flops * batch.Length >= SerialFlops)
        {
            ShareOut(dtype, product, batch.ToArray(), epilogue);
        }
        else
        {
            for (var i = 0; i < batch.Length; i++)
            {
                Compute(dtype, product.At(batch[i], dtype.Size), epilogue.From(i * product.Rows));
            }
        }

        Trace(dtype, product, batch.Length, start);
    }

    /// <summary>Prepares the most common code, so that the user's first product takes no longer than the next.</summary>
    internal static void WarmUp()
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var tile = Tile.Of(dtype, VectorWidth.Bits);
            var (rows, columns) = (tile.Rows, tile.Columns);
            using var memory = CpuBuffer.Allocate((rows + columns + (rows * columns)) * dtype.Size);
            memory.AsSpan<byte>().Clear();
            var a = new MatrixOperand(memory.Address, 1, 1);
            var b = a.Offset(rows, dtype.Size);
            Run(dtype, new MatrixProduct(rows, columns, 1, a, b, b.Offset(columns, dtype.Size) with { RowStride = columns }));
        }
    }

    /// <summary>Whether the product is too small to be worth other threads.</summary>
    internal static bool IsSerial(in MatrixProduct product) => product.Flops < SerialFlops;

    // Rows of one tall A after another, all times the same B.
    private static bool MergesIntoOne(in MatrixProduct product, ReadOnlySpan<MatrixOffsets> batch)
    {
        if (batch.IsEmpty)
        {
            return false;
        }

        for (var i = 1; i < batch.Length; i++)
        {
            var rows = product.Rows * i;
            var expected = new MatrixOffsets(
                batch[0].A + (rows * product.A.RowStride), batch[0].B, batch[0].C + (rows * product.C.RowStride));
            if (batch[i] != expected)
            {
                return false;
            }
        }

        return true;
    }

    private static void ShareOut(DType dtype, MatrixProduct product, MatrixOffsets[] batch, MatrixEpilogue epilogue)
    {
        var perBlock = Math.Clamp((int)(SerialFlops / Math.Max(product.Flops, 1)), 1, batch.Length);
        Workers.For((batch.Length + perBlock - 1) / perBlock, block =>
        {
            var end = Math.Min(batch.Length, (block + 1) * perBlock);
            for (var i = block * perBlock; i < end; i++)
            {
                Compute(dtype, product.At(batch[i], dtype.Size), epilogue.From(i * product.Rows));
            }
        });
    }

    private static void Compute(DType dtype, in MatrixProduct product, MatrixEpilogue epilogue)
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        if (!dtype.IsFloatingPoint)
        {
            ComputeIntegers(dtype, product, epilogue);
            return;
        }

        var tile = Tile.Of(dtype, VectorWidth.Bits);
        if (TryRunVector(dtype, product))
        {
            epilogue.Run(0, 0, product.Rows, product.Columns);
        }
        else if (IsBetterTransposed(tile, product))
        {
            RunBlocked(dtype, product.Transposed, epilogue.Transposed, tile);
        }
        else
        {
            RunBlocked(dtype, product, epilogue, tile);
        }
    }

    private static void ComputeIntegers(DType dtype, in MatrixProduct product, MatrixEpilogue epilogue)
    {
        var isTransposed = IntegerProduct<int>.IsBetterTransposed(product);
        var upright = isTransposed ? product.Transposed : product;
        var finish = isTransposed ? epilogue.Transposed : epilogue;
        if (dtype == DType.Int32)
        {
            new IntegerProduct<int>(upright, finish).Run();
        }
        else
        {
            new IntegerProduct<long>(upright, finish).Run();
        }
    }

    private static bool TryRunVector(DType dtype, in MatrixProduct product) => (dtype, VectorWidth.Bits) switch
    {
        (DType.Float32, 512) => MatrixVector<Vector512Float32, Vector512<float>, float>.TryRun(product),
        (DType.Float32, 256) => MatrixVector<Vector256Float32, Vector256<float>, float>.TryRun(product),
        (DType.Float32, _) => MatrixVector<Vector128Float32, Vector128<float>, float>.TryRun(product),
        (_, 512) => MatrixVector<Vector512Float64, Vector512<double>, double>.TryRun(product),
        (_, 256) => MatrixVector<Vector256Float64, Vector256<double>, double>.TryRun(product),
        _ => MatrixVector<Vector128Float64, Vector128<double>, double>.TryRun(product),
    };

    private static void RunBlocked(DType dtype, in MatrixProduct product, MatrixEpilogue epilogue, Tile tile)
    {
        if (dtype == DType.Float32)
        {
            RunBlocked<float>(product, epilogue, tile);
        }
        else
        {
            RunBlocked<double>(product, epilogue, tile);
        }
    }

    private static void RunBlocked<T>(in MatrixProduct product, MatrixEpilogue epilogue, Tile tile)
        where T : unmanaged
    {
        if (DepthSplit<T>.IsBetter(product))
        {
            new DepthSplit<T>(product, epilogue, tile).Run();
        }
        else
        {
            new BlockedProduct<T>(product, epilogue, tile).Run();
        }
    }

    // Tiles write rows of adjacent elements fastest, and cover them in whole vectors: a narrow C wastes less of them on its side.
    private static bool IsBetterTransposed(Tile tile, in MatrixProduct product)
    {
        if (product.C.ColumnStride != 1 && product.C.RowStride == 1)
        {
            return true;
        }

        double Covered(long rows, long columns) => (double)rows * BlockSizes.RoundUp((nint)columns, tile.Lanes);
        return product.Columns < tile.Columns
            && 1.5 * Covered(product.Columns, product.Rows) < Covered(product.Rows, product.Columns);
    }

    private static void Check(DType dtype, in MatrixProduct product)
    {
        if (dtype is not (DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64))
        {
            Throw.ProductType(dtype);
        }

        if (product.Rows < 0 || product.Columns < 0 || product.Depth < 0)
        {
            Throw.ProductShape(product);
        }
    }

    private static void Trace(DType dtype, in MatrixProduct product, int count, long start)
    {
        if (Tracing.IsEnabled)
        {
            var name = $"matmul [{product.Rows}, {product.Depth}] x [{product.Depth}, {product.Columns}] {dtype.Name}";
            Tracing.Write(new TraceEvent(
                TraceKind.Kernel,
                count == 1 ? name : $"{count} x {name}",
                Device.Cpu.Name,
                start,
                Stopwatch.GetTimestamp(),
                (long)(product.Elements * dtype.Size * count),
                product.Flops * count));
        }
    }
}
