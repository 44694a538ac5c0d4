using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Kernels.Tests;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// Matrix products whose factors, result and working memory all lie against pages nobody may touch: an access beyond any of them, at
/// either end, ends the process.
/// </summary>
[Collection(nameof(EngineSettings))]
public sealed class LinearAlgebraGuardPageTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;
    private readonly Func<long, CpuBuffer> allocate = MatrixMultiply.Allocate;

    public static MatrixTheoryData<DType, int> TypesAndWidths => new([DType.Float32, DType.Float64], [128, 256, 512]);

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
        MatrixMultiply.Allocate = allocate;
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void EverySizeAroundATileStaysWithinItsMatrices(DType dtype, int width)
    {
        Prepare(width);
        var tile = Tile.Of(dtype, width);
        for (var rows = 1; rows <= (2 * tile.Rows) + 1; rows++)
        {
            for (var columns = 1; columns <= (2 * tile.Columns) + 1; columns++)
            {
                var atEnd = (rows + columns) % 2 == 0;
                var depth = 1 + ((rows + (2 * columns)) % 9);
                var layout = (MatrixLayout)((rows + columns) % 5);
                Verify(new(dtype, (rows, columns, depth), (layout, MatrixLayout.RowMajor, MatrixLayout.RowMajor), !atEnd));
                Verify(new(dtype, (rows, columns, depth), (MatrixLayout.RowMajor, layout, MatrixLayout.RowMajor), atEnd));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void AnyShapeLayoutAndPlaceStaysWithinItsMatrices(DType dtype, int width)
    {
        Prepare(width);
        var (tile, blocks) = (Tile.Of(dtype, width), Tile.Of(dtype, width).Blocks);
        var cases = from shape in Gen.OneOf(
                        Shape(Gen.Choose(1, 70), Gen.Choose(1, 140), Gen.Choose(1, 70)),
                        Shape(Around(tile.Rows, 6), Around(tile.Columns, 4), Around(4, 3)),
                        Shape(Around((int)blocks.TaskRows, 2), Gen.Choose(1, 9), Gen.Choose(1, 9)),
                        Shape(Gen.Choose(1, 30), Around((int)blocks.TaskColumns, 3), Gen.Choose(1, 9)),
                        Shape(Gen.Choose(1, 30), Gen.Choose(1, 40), Around((int)blocks.Depth, 3)),
                        Shape(Gen.Choose(1, 5), Gen.Choose(1, 40), Around((int)blocks.DepthSpan, 2)),
                        Shape(Around((int)blocks.RowSpan, 1), Gen.Choose(1, 3), Gen.Choose(1, 3)),
                        Shape(Gen.Choose(1, 3), Around((int)blocks.ColumnSpan, 1), Gen.Choose(1, 3)),
                        Shape(Gen.Constant(1), Gen.Choose(1, 3000), Gen.Choose(1, 300)),
                        Shape(Gen.Choose(1, 3000), Gen.Constant(1), Gen.Choose(1, 300)))
                    from layouts in Gen.Elements(Enum.GetValues<MatrixLayout>()).Three()
                    from atEnd in ArbMap.Default.GeneratorFor<bool>()
                    from threadCount in Gen.Choose(1, 3)
                    select (Given: new Case(dtype, shape, layouts, atEnd), threadCount);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(250), Prop.ForAll(cases.ToArbitrary(), one =>
        {
            Workers.ThreadCount = one.threadCount;
            Verify(one.Given);
        }));
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void ABatchStaysWithinItsMatrices(DType dtype, int width)
    {
        Prepare(width);
        var cases = from count in Gen.Choose(1, 12)
                    from shape in Shape(Gen.Choose(1, 40), Gen.Choose(1, 80), Gen.Choose(1, 60))
                    from broadcastB in ArbMap.Default.GeneratorFor<bool>()
                    from atEnd in ArbMap.Default.GeneratorFor<bool>()
                    from threadCount in Gen.Choose(1, 3)
                    select (count, shape, broadcastB, atEnd, threadCount);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            Workers.ThreadCount = given.threadCount;
            var (rows, columns, depth) = given.shape;
            MatrixMultiply.Allocate = bytes => GuardedMemory.Allocate(bytes, given.atEnd);
            LinearAlgebraMatrix Stack(int height, int breadth) =>
                LinearAlgebraMatrix.AgainstGuardPage(dtype, height, breadth, MatrixLayout.RowMajor, given.atEnd);
            using var a = Stack(given.count * rows, depth).Fill(new Random(1));
            using var b = Stack((given.broadcastB ? 1 : given.count) * depth, columns).Fill(new Random(2));
            using var c = Stack(given.count * rows, columns);
            MatrixMultiply.RunBatch(
                dtype,
                new MatrixProduct(rows, columns, depth, a.Operand, b.Operand, c.Operand),
                [.. Enumerable.Range(0, given.count).Select(i => new MatrixOffsets(
                    (long)i * rows * depth, given.broadcastB ? 0 : (long)i * depth * columns, (long)i * rows * columns))]);
            Assert.True(c.IsFilled(), "an element was left out");
        }));
    }

    private static Gen<(int Rows, int Columns, int Depth)> Shape(Gen<int> rows, Gen<int> columns, Gen<int> depth) =>
        from r in rows from c in columns from d in depth select (r, c, d);

    /// <summary>Multiples of a length, up to a number of times it, and their neighbours.</summary>
    private static Gen<int> Around(int length, int times) =>
        from multiple in Gen.Choose(1, times)
        from offset in Gen.Choose(-1, 1)
        select (multiple * length) + offset;

    private static void Prepare(int width)
    {
        GuardedMemory.SkipUnlessSupported();
        VectorWidth.Bits = width;
    }

    private static void Verify(Case given)
    {
        var (rows, columns, depth) = given.Shape;
        MatrixMultiply.Allocate = bytes => GuardedMemory.Allocate(bytes, given.AtEnd);
        var random = new Random(rows + columns + depth);
        using var a = LinearAlgebraMatrix.AgainstGuardPage(given.DType, rows, depth, given.Layouts.A, given.AtEnd).Fill(random);
        using var b = LinearAlgebraMatrix.AgainstGuardPage(given.DType, depth, columns, given.Layouts.B, given.AtEnd).Fill(random);
        using var c = LinearAlgebraMatrix.AgainstGuardPage(given.DType, rows, columns, given.Layouts.C, given.AtEnd);
        MatrixMultiply.Run(given.DType, new MatrixProduct(rows, columns, depth, a.Operand, b.Operand, c.Operand));
        LinearAlgebraReference.Verify(a, b, c, given.ToString());
    }

    private sealed record Case(
        DType DType, (int Rows, int Columns, int Depth) Shape, (MatrixLayout A, MatrixLayout B, MatrixLayout C) Layouts, bool AtEnd);
}
