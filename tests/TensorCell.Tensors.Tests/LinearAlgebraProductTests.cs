using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Tests;

[Collection(nameof(EngineSettings))]
public sealed class LinearAlgebraProductTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;

    public static MatrixTheoryData<DType, int> TypesAndWidths => new([DType.Float32, DType.Float64], [128, 256, 512]);

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void EverySizeTo70InEveryTransposeMatchesTheReference(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        MatrixLayout[] transposes = [MatrixLayout.RowMajor, MatrixLayout.ColumnMajor];
        for (var size = 1; size <= 70; size++)
        {
            foreach (var a in transposes)
            {
                foreach (var b in transposes)
                {
                    Verify(dtype, size, size, size, a, b, MatrixLayout.RowMajor, size);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void AnyShapeAndLayoutMatchesTheReference(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        var dimension = Gen.Frequency((4, Gen.Choose(1, 70)), (1, Gen.Choose(71, 200)), (1, Gen.Constant(1)));
        var layout = Gen.Elements(Enum.GetValues<MatrixLayout>());
        var cases = from shape in dimension.Three()
                    from layouts in layout.Three()
                    from threadCount in Gen.Choose(1, 4)
                    select (shape, layouts, threadCount);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            Workers.ThreadCount = given.threadCount;
            var (rows, columns, depth) = given.shape;
            var (a, b, c) = given.layouts;
            Verify(dtype, rows, columns, depth, a, b, c, rows + columns + depth);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(144, 512, 256)]
    [InlineData(145, 513, 257)]
    [InlineData(143, 511, 255)]
    [InlineData(13, 33, 2049)]
    [InlineData(25, 17, 4100)]
    [InlineData(4097, 3, 9)]
    [InlineData(4099, 35, 5)]
    [InlineData(3, 4097, 9)]
    [InlineData(13, 4100, 7)]
    [InlineData(1, 5000, 300)]
    [InlineData(5000, 1, 300)]
    [InlineData(1, 300, 5000)]
    [InlineData(300, 1, 5000)]
    [InlineData(1, 1, 10_000)]
    [InlineData(2, 2, 10_000)]
    [InlineData(12, 1025, 700)]
    [InlineData(47, 700, 513)]
    [InlineData(40, 30, 3001)]
    [InlineData(7, 5, 70_000)]
    [InlineData(1000, 1000, 1)]
    public void SizesAroundTheBlocksAndSkinnyShapesMatchTheReference(int rows, int columns, int depth)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            foreach (var a in new[] { MatrixLayout.RowMajor, MatrixLayout.ColumnMajor, MatrixLayout.Strided })
            {
                foreach (var c in new[] { MatrixLayout.RowMajor, MatrixLayout.ColumnMajor })
                {
                    Verify(dtype, rows, columns, depth, a, a, c, 1);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void TheResultIsTheSameBitForBitWhateverTheThreadCount(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        foreach (var (rows, columns, depth) in new[] { (131, 257, 300), (1, 1000, 500), (700, 1, 900), (20, 600, 2100), (40, 30, 5000), (40, 4100, 60) })
        {
            var random = new Random(5);
            using var a = new LinearAlgebraMatrix(dtype, rows, depth, MatrixLayout.RowMajor).Fill(random);
            using var b = new LinearAlgebraMatrix(dtype, depth, columns, MatrixLayout.RowMajor).Fill(random);
            byte[]? expected = null;
            foreach (var threadCount in new[] { 1, 2, 3, 5, 16, 40 })
            {
                Workers.ThreadCount = threadCount;
                using var c = new LinearAlgebraMatrix(dtype, rows, columns, MatrixLayout.RowMajor);
                MatrixMultiply.Run(dtype, new MatrixProduct(rows, columns, depth, a.Operand, b.Operand, c.Operand));
                expected ??= c.Bytes();
                Assert.Equal(expected, c.Bytes());
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void NotANumberAndInfinitySpreadAlongTheirRowAndNowhereElse(DType dtype, int width)
    {
        VectorWidth.Bits = width;
        foreach (var (special, expected) in new[] { (double.NaN, double.NaN), (double.PositiveInfinity, double.NaN) })
        {
            using var a = new LinearAlgebraMatrix(dtype, 13, 35, MatrixLayout.RowMajor).Fill(new Random(1));
            using var b = new LinearAlgebraMatrix(dtype, 35, 37, MatrixLayout.RowMajor).Fill(new Random(2));
            using var c = new LinearAlgebraMatrix(dtype, 13, 37, MatrixLayout.RowMajor);
            a[12, 34] = special;
            for (var j = 0; j < 37; j++)
            {
                b[34, j] = 0;
            }

            MatrixMultiply.Run(dtype, new MatrixProduct(13, 37, 35, a.Operand, b.Operand, c.Operand));
            for (var i = 0; i < 13; i++)
            {
                for (var j = 0; j < 37; j++)
                {
                    Assert.Equal(i == 12, double.Equals(c[i, j], expected));
                }
            }
        }
    }

    [Theory]
    [InlineData(7, 9)]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    [InlineData(200, 300)]
    public void ADepthOfZeroGivesZeros(int rows, int columns)
    {
        using var c = new LinearAlgebraMatrix(DType.Float32, rows, columns, MatrixLayout.PaddedRows).Fill(new Random(1));
        MatrixMultiply.Run(DType.Float32, new MatrixProduct(rows, columns, 0, default, default, c.Operand));
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Assert.Equal(0, c[i, j]);
            }
        }

        Assert.True(c.IsGuardIntact());
    }

    [Fact]
    public void AnEmptyResultIsNoWork()
    {
        MatrixMultiply.Run(DType.Float64, new MatrixProduct(0, 5, 3, default, default, default));
        MatrixMultiply.Run(DType.Float64, new MatrixProduct(5, 0, 3, default, default, default));
        MatrixMultiply.RunBatch(DType.Float64, new MatrixProduct(5, 5, 3, default, default, default), []);
    }

    [Fact]
    public void WhatCannotBeMultipliedIsNamed()
    {
        var type = Assert.Throws<NotSupportedException>(() => MatrixMultiply.Run(DType.Int8, default));
        Assert.Contains("matmul: i8 matrices", type.Message, StringComparison.Ordinal);
        var shape = Assert.Throws<ArgumentOutOfRangeException>(
            () => MatrixMultiply.Run(DType.Float32, new MatrixProduct(2, -3, 4, default, default, default)));
        Assert.Contains("[2, 4] x [4, -3]", shape.Message, StringComparison.Ordinal);
    }

    private static void Verify(
        DType dtype, int rows, int columns, int depth, MatrixLayout aLayout, MatrixLayout bLayout, MatrixLayout cLayout, int seed)
    {
        var random = new Random(seed);
        using var a = new LinearAlgebraMatrix(dtype, rows, depth, aLayout).Fill(random);
        using var b = new LinearAlgebraMatrix(dtype, depth, columns, bLayout).Fill(random);
        using var c = new LinearAlgebraMatrix(dtype, rows, columns, cLayout);
        MatrixMultiply.Run(dtype, new MatrixProduct(rows, columns, depth, a.Operand, b.Operand, c.Operand));
        LinearAlgebraReference.Verify(a, b, c, $"{dtype} {rows}x{depth}x{columns} {aLayout} {bLayout} {cLayout}");
    }
}
