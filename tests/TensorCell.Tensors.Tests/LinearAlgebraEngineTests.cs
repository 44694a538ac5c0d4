using System.Runtime.InteropServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Tests;

/// <summary>Batches, epilogues, interruption and tracing of matrix products.</summary>
[Collection(nameof(EngineSettings))]
public sealed class LinearAlgebraEngineTests : IDisposable
{
    private readonly int threads = Workers.ThreadCount;

    public void Dispose() => Workers.ThreadCount = threads;

    [Theory]
    [InlineData(1, 5, 6, 7, false)]
    [InlineData(40, 5, 6, 7, false)]
    [InlineData(40, 5, 6, 7, true)]
    [InlineData(300, 33, 12, 40, false)]
    [InlineData(9, 130, 70, 300, true)]
    [InlineData(5, 500, 400, 300, false)]
    public void ABatchIsItsProductsOneByOne(int count, int rows, int columns, int depth, bool broadcastB)
    {
        Workers.ThreadCount = 3;
        using var a = new LinearAlgebraMatrix(DType.Float32, count * rows, depth, MatrixLayout.RowMajor).Fill(new Random(1));
        using var b = new LinearAlgebraMatrix(DType.Float32, count * depth, columns, MatrixLayout.RowMajor).Fill(new Random(2));
        using var together = new LinearAlgebraMatrix(DType.Float32, count * rows, columns, MatrixLayout.RowMajor);
        using var single = new LinearAlgebraMatrix(DType.Float32, count * rows, columns, MatrixLayout.RowMajor);
        var batch = Enumerable.Range(0, count).Select(i => new MatrixOffsets(
            (long)i * rows * depth, broadcastB ? 0 : (long)i * depth * columns, (long)i * rows * columns)).ToArray();
        MatrixMultiply.RunBatch(
            DType.Float32, new MatrixProduct(rows, columns, depth, a.Operand, b.Operand, together.Operand), batch);
        foreach (var offsets in batch)
        {
            MatrixMultiply.Run(DType.Float32, new MatrixProduct(
                rows,
                columns,
                depth,
                a.Operand with { Address = a.Operand.Address + (nint)(4 * offsets.A) },
                b.Operand with { Address = b.Operand.Address + (nint)(4 * offsets.B) },
                single.Operand with { Address = single.Operand.Address + (nint)(4 * offsets.C) }));
        }

        Assert.Equal(single.Bytes(), together.Bytes());
    }

    [Theory]
    [InlineData(50, 60, 70, MatrixLayout.RowMajor)]
    [InlineData(50, 60, 70, MatrixLayout.ColumnMajor)]
    [InlineData(500, 7, 30, MatrixLayout.RowMajor)]
    [InlineData(300, 700, 3000, MatrixLayout.PaddedRows)]
    [InlineData(1, 60, 70, MatrixLayout.RowMajor)]
    [InlineData(60, 1, 70, MatrixLayout.Strided)]
    [InlineData(20, 30, 0, MatrixLayout.RowMajor)]
    public unsafe void AnEpilogueSeesEveryElementOnceWhenItIsComplete(int rows, int columns, int depth, MatrixLayout layout)
    {
        using var a = new LinearAlgebraMatrix(DType.Float64, rows, depth, MatrixLayout.RowMajor).Fill(new Random(1));
        using var b = new LinearAlgebraMatrix(DType.Float64, depth, columns, MatrixLayout.RowMajor).Fill(new Random(2));
        using var plain = new LinearAlgebraMatrix(DType.Float64, rows, columns, layout);
        using var c = new LinearAlgebraMatrix(DType.Float64, rows, columns, layout);
        var product = new MatrixProduct(rows, columns, depth, a.Operand, b.Operand, plain.Operand);
        MatrixMultiply.Run(DType.Float64, product);
        var handle = GCHandle.Alloc(c);
        MatrixMultiply.Run(
            DType.Float64, product with { C = c.Operand }, new MatrixEpilogue(&AddRowAndDouble, GCHandle.ToIntPtr(handle)));
        handle.Free();
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Assert.Equal((2 * plain[i, j]) + i, c[i, j]);
            }
        }
    }

    [Fact]
    public void AnInterruptedProductThrowsAndTheNextOneWorks()
    {
        Workers.ThreadCount = 2;
        using var a = new LinearAlgebraMatrix(DType.Float32, 900, 900, MatrixLayout.RowMajor).Fill(new Random(1));
        using var c = new LinearAlgebraMatrix(DType.Float32, 900, 900, MatrixLayout.RowMajor);
        var product = new MatrixProduct(900, 900, 900, a.Operand, a.Operand, c.Operand);
        using (var source = new CancellationTokenSource())
        using (Interruption.Begin(source.Token))
        {
            source.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => MatrixMultiply.Run(DType.Float32, product));
        }

        MatrixMultiply.Run(DType.Float32, product);
        LinearAlgebraReference.Verify(a, a, c, "after an interruption");
    }

    [Fact]
    public void AProductIsTracedWithItsWork()
    {
        using var a = new LinearAlgebraMatrix(DType.Float32, 30, 20, MatrixLayout.RowMajor).Fill(new Random(1));
        using var b = new LinearAlgebraMatrix(DType.Float32, 20, 10, MatrixLayout.RowMajor).Fill(new Random(1));
        using var c = new LinearAlgebraMatrix(DType.Float32, 30, 10, MatrixLayout.RowMajor);
        var events = new List<TraceEvent>();
        using (Tracing.Listen(traceEvent =>
        {
            lock (events)
            {
                events.Add(traceEvent);
            }
        }))
        {
            MatrixMultiply.Run(DType.Float32, new MatrixProduct(30, 10, 20, a.Operand, b.Operand, c.Operand));
        }

        var traced = Assert.Single(events, traceEvent => traceEvent.Name == "matmul [30, 20] x [20, 10] f32");
        Assert.Equal(TraceKind.Kernel, traced.Kind);
        Assert.Equal("cpu", traced.Device);
        Assert.Equal(12_000, traced.Flops);
        Assert.Equal(4 * (600 + 200 + 300), traced.Bytes);
        Assert.True(traced.End >= traced.Start);
    }

    private static void AddRowAndDouble(nint context, long row, long column, long rows, long columns)
    {
        var c = (LinearAlgebraMatrix)GCHandle.FromIntPtr(context).Target!;
        for (var i = row; i < row + rows; i++)
        {
            for (var j = column; j < column + columns; j++)
            {
                c[(int)i, (int)j] = (2 * c[(int)i, (int)j]) + i;
            }
        }
    }
}
