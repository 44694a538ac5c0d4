using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>How a matrix product is cut so that its parts stay in the caches.</summary>
/// <param name="Depth">Steps of depth per pass: a panel of A that long stays in the nearest cache.</param>
/// <param name="DepthSpan">Steps of depth packed at once.</param>
/// <param name="RowSpan">Rows of A packed at once.</param>
/// <param name="ColumnSpan">Columns of B packed at once.</param>
/// <param name="TaskRows">Rows of C per task.</param>
/// <param name="TaskColumns">Columns of C per task: that part of B, one pass deep, stays in the second cache.</param>
internal readonly record struct BlockSizes(
    nint Depth, nint DepthSpan, nint RowSpan, nint ColumnSpan, nint TaskRows, nint TaskColumns)
{
    private static readonly IReadOnlyList<CacheLevel> caches = CpuFacts.Caches();

    /// <summary>The sizes for a tile of <paramref name="rows"/> by <paramref name="columns"/> elements of <paramref name="elementSize"/> bytes.</summary>
    public static BlockSizes For(int rows, int columns, int elementSize)
    {
        var depth = Math.Clamp((nint)CacheBytes(1) / 2 / (rows * elementSize), 128, 512);
        var taskColumns = Math.Clamp((nint)CacheBytes(2) / 2 / (depth * elementSize), 4 * columns, 512);
        return new BlockSizes(depth, 2048, 4096, 4096, RoundUp(1024, rows), RoundUp(taskColumns, columns));
    }

    /// <summary>Cuts <paramref name="length"/> into the fewest equal parts of at most <paramref name="most"/>, each a multiple.</summary>
    public static nint Even(nint length, nint most, nint multiple)
    {
        var parts = Math.Max(1, CeilingDivide(length, most));
        return Math.Max(multiple, RoundUp(CeilingDivide(length, parts), multiple));
    }

    /// <summary>The next multiple.</summary>
    public static nint RoundUp(nint length, nint multiple) => CeilingDivide(length, multiple) * multiple;

    /// <summary>How many parts cover a length.</summary>
    public static nint CeilingDivide(nint length, nint part) => (length + part - 1) / part;

    /// <summary>How many bytes a level of cache has.</summary>
    public static long CacheBytes(int level) => caches.FirstOrDefault(cache => cache.Level == level)?.Bytes ?? 32 << 10;
}
