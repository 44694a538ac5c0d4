using System.Numerics;
using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// A product with a small result and much depth, as the gradient of a layer's weights: each task multiplies a part of the depth into a result
/// of its own, from panels that stay in its caches, and the results are summed in the order of the parts.
/// </summary>
internal sealed unsafe class DepthSplit<T>
    where T : unmanaged
{
    private const long MostElements = 1 << 14;
    private const long LeastDepth = 512;
    private const long MostParts = 16;
    private readonly MatrixProduct product;
    private readonly MatrixEpilogue epilogue;
    private readonly Tile tile;
    private readonly long partDepth;

    /// <summary>Prepares the product.</summary>
    public DepthSplit(in MatrixProduct product, MatrixEpilogue epilogue, Tile tile)
    {
        this.product = product;
        this.epilogue = epilogue;
        this.tile = tile;
        partDepth = PartDepth(product);
    }

    /// <summary>Whether a product is better split: other cuts would give the threads little that they do not share.</summary>
    public static bool IsBetter(in MatrixProduct product) =>
        !MatrixMultiply.IsSerial(product) && product.Rows * product.Columns <= MostElements && product.Depth >= 2 * LeastDepth
        && product.Depth >= 8 * Math.Max(product.Rows, product.Columns);

    /// <summary>Computes C.</summary>
    public void Run()
    {
        var parts = (int)BlockSizes.CeilingDivide((nint)product.Depth, (nint)partDepth);
        var elements = product.Rows * product.Columns;
        using var buffer = MatrixMultiply.Allocate(parts * elements * sizeof(T));
        var results = new MatrixOperand(buffer.Address, product.Columns, 1);
        Workers.For(parts, part => Multiply(part, results.Offset(part * elements, sizeof(T))));
        var sums = new Span<T>((void*)buffer.Address, (int)elements);
        for (var part = 1; part < parts; part++)
        {
            Add(sums, new ReadOnlySpan<T>((T*)buffer.Address + (part * elements), (int)elements));
        }

        Store(sums);
        epilogue.Run(0, 0, product.Rows, product.Columns);
    }

    private static long PartDepth(in MatrixProduct product) =>
        BlockSizes.RoundUp(Math.Max((nint)LeastDepth, BlockSizes.CeilingDivide((nint)product.Depth, (nint)MostParts)), 4);

    private static void Add(Span<T> sums, ReadOnlySpan<T> part)
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(sums);
        var others = MemoryMarshal.Cast<T, Vector<T>>(part);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] += others[i];
        }

        for (var i = vectors.Length * Vector<T>.Count; i < sums.Length; i++)
        {
            sums[i] = Numbers<T>.Add(sums[i], part[i]);
        }
    }

    private void Multiply(int part, MatrixOperand result)
    {
        var first = part * partDepth;
        new BlockedProduct<T>(
            product with
            {
                Depth = Math.Min(partDepth, product.Depth - first),
                A = product.A.Offset(first * product.A.ColumnStride, sizeof(T)),
                B = product.B.Offset(first * product.B.RowStride, sizeof(T)),
                C = result,
            },
            default,
            tile).Run();
    }

    private void Store(ReadOnlySpan<T> sums)
    {
        var (rows, columns) = ((int)product.Rows, (int)product.Columns);
        for (var row = 0; row < rows; row++)
        {
            var target = (T*)product.C.Address + (row * product.C.RowStride);
            var source = sums.Slice(row * columns, columns);
            if (product.C.ColumnStride == 1)
            {
                source.CopyTo(new Span<T>(target, columns));
                continue;
            }

            for (var column = 0; column < columns; column++)
            {
                target[column * product.C.ColumnStride] = source[column];
            }
        }
    }
}
