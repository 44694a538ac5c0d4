using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Data.Tests;

[Collection(nameof(EngineSettings))]
public sealed class DataLoaderTests : IDisposable
{
    private readonly int threads = Workers.ThreadCount;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Workers.ThreadCount = threads;

    [Fact]
    public void AnEpochHoldsEveryRowOnceWithItsOwnTarget() => Properties.Hold(
        from rows in Gen.Choose(1, 200)
        from batchSize in Gen.Choose(1, 70)
        from axes in Gen.Choose(1, 3).ListOf().Resize(3)
        from shuffle in Gen.Elements(true, false)
        from dropLast in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1000)
        from epoch in Gen.Choose(0, 5)
        from isTransposed in Gen.Elements(true, false)
        where !dropLast || batchSize <= rows
        select (rows, batchSize, axes, shuffle, dropLast, seed: (ulong)seed, epoch, isTransposed),
        drawn =>
        {
            Shape shape = Shape.Of([drawn.rows, .. drawn.axes]);
            int width = (int)(shape.Count / drawn.rows);
            Tensor inputs = Tensor.Arange(shape.Count).Reshape(shape);
            Tensor asked = drawn.isTransposed ? inputs.T.Contiguous().T : inputs;
            DataLoader loader = new(
                asked, Tensor.Arange(drawn.rows, DType.Int64), drawn.batchSize, drawn.shuffle, drawn.seed, drawn.dropLast);
            Batch[] batches = Read(loader.Epoch(drawn.epoch));
            Assert.Equal(loader.BatchesPerEpoch, batches.Length);
            Assert.Equal(drawn.axes, loader.InputShape);
            Assert.Equal(Enumerable.Range(0, batches.Length), batches.Select(batch => batch.Index));
            Assert.All(batches.SkipLast(drawn.dropLast ? 0 : 1), batch => Assert.Equal(drawn.batchSize, batch.Count));
            long[] order = [.. batches.SelectMany(batch => batch.Targets.ToArray<long>())];
            Assert.Equal(drawn.dropLast ? drawn.rows / drawn.batchSize * drawn.batchSize : drawn.rows, order.Distinct().Count());
            Assert.Equal(order.Length, order.Distinct().Count());
            if (!drawn.shuffle)
            {
                Assert.Equal(order.Order(), order);
            }

            Assert.Equal(
                order.SelectMany(row => Enumerable.Range(0, width).Select(place => (float)((row * width) + place))),
                batches.SelectMany(batch => batch.Inputs.ToArray<float>()));
            Assert.All(batches, batch => Assert.Equal([batch.Count, .. drawn.axes], batch.Inputs.Shape));
        });

    [Fact]
    public void TheOrderDependsOnSeedAndEpochAlone()
    {
        long[] first = Order(Loader(seed: 7).Epoch(3));
        Workers.ThreadCount = 1;
        Assert.Equal(first, Order(Loader(seed: 7).Epoch(3)));
        Assert.Equal(first.Skip(5 * 32), Order(Loader(seed: 7).Epoch(3, firstBatch: 5)));
        Assert.NotEqual(first, Order(Loader(seed: 7).Epoch(4)));
        Assert.NotEqual(first, Order(Loader(seed: 8).Epoch(3)));
        Assert.Equal(Order(Loader(seed: 7).Epoch(0)), Order(Loader(seed: 7)));
        Assert.Empty(Order(Loader(seed: 7).Epoch(0, firstBatch: 32)));
    }

    [Fact]
    public async Task EpochsRunSideBySide()
    {
        DataLoader loader = Loader(seed: 1);
        long[] alone = Order(loader.Epoch(0));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            List<long> order = [];
            await foreach (Batch batch in loader.Epoch(0, cancellation: Cancellation))
            {
                order.AddRange(batch.Targets.ToArray<long>());
            }

            Assert.Equal(alone, order);
        }));
    }

    [Fact]
    public async Task WhatWaitsIsBoundedAndFreedWhenTheReaderStops()
    {
        // A megabyte for each batch, so that what other tests of the process allocate does not matter.
        DataLoader loader = new(Tensor.Ones((64, 1 << 18)), Tensor.Ones((64, 1)), 1) { Prefetch = 2 };
        long before = CpuBuffer.BytesInUse;
        await foreach (Batch batch in loader.Epoch(0, cancellation: Cancellation))
        {
            // Two wait, one is held by the reader and one by the writer, who waits too.
            Assert.InRange(CpuBuffer.BytesInUse - before, long.MinValue, 9 << 19);
            batch.Dispose();
            if (batch.Index == 9)
            {
                // Time for the writer to wait with a batch that finds no place.
                await Task.Delay(100, Cancellation);
                break;
            }
        }

        Assert.InRange(CpuBuffer.BytesInUse - before, long.MinValue, 1 << 19);
    }

    [Fact]
    public async Task ACancelledReaderIsTold()
    {
        using CancellationTokenSource cancel = new();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Batch batch in Loader(seed: 0).WithCancellation(cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task AnInterruptedCellStopsReading()
    {
        using CancellationTokenSource cancel = new();
        using Interruption.Scope scope = Interruption.Begin(cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Batch batch in Loader(seed: 0))
            {
                await cancel.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task AFaultInTheBackgroundSurfacesAtTheReader()
    {
        Tensor inputs = Tensor.Ones((1024, 600)).Realize();
        DataLoader loader = new(inputs, Tensor.Ones((1024, 1)), 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (Batch batch in loader.Epoch(0, cancellation: Cancellation))
            {
                inputs.Dispose();
            }
        });
    }

    [Fact]
    public async Task BatchesOutliveTheScopeThatTheyWereFirstAskedForIn()
    {
        await using IAsyncEnumerator<Batch> batches = Loader(seed: 0).GetAsyncEnumerator(Cancellation);
        for (int index = 0; index < 32; index++)
        {
            using TensorScope scope = Tensor.Scope();
            Assert.True(await batches.MoveNextAsync());
            Assert.Equal(batches.Current.Targets.ToArray<long>(), batches.Current.Inputs[.., 0].To(DType.Int64).ToArray<long>());
        }
    }

    [Fact]
    public void AFrameGivesLabelsAndMeasures()
    {
        Frame frame = new(
            Column.From("x", new[] { 1.5, 2.5, 4.0 }),
            Column.From("n", new[] { 1, 2, 3 }),
            Column.From("kind", new[] { "b", "a", "b" }),
            Column.From("gap", new double?[] { 1, null, 3 }));
        DataLoader labels = frame.Loader(["x", "n"], "kind", 3, shuffle: false);
        Batch batch = Assert.Single(Read(labels));
        Assert.Equal(["b", "a"], labels.Classes);
        Assert.Equal([0, 1, 0], batch.Targets.ToArray<long>());
        Assert.Equal([1.5f, 1, 2.5f, 2, 4, 3], batch.Inputs.ToArray<float>());
        Assert.Equal((3, 1), Read(frame.Loader(["n"], "x", 3))[0].Targets.Shape);
        Assert.Equal(DType.Int64, Read(frame.Loader(["x"], "n", 3))[0].Targets.DType);
        Assert.Contains("\"gap\" has 1 missing", Assert.Throws<InvalidOperationException>(() => frame.Loader(["gap"], "x", 2)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => frame.Loader(["kind"], "x", 2));
        Assert.Throws<ArgumentException>(() => frame.Loader([], "x", 2));
    }

    [Fact]
    public void WhatMakesNoBatchIsRefused()
    {
        Tensor ones = Tensor.Ones((10, 2));
        Assert.Contains("[10, 2]", Assert.Throws<ArgumentException>(() => new DataLoader(ones, Tensor.Ones(9), 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DataLoader(Tensor.Scalar(1f), Tensor.Scalar(1f), 2));
        Assert.Throws<ArgumentException>(() => new DataLoader(ones, ones, 0));
        Assert.Throws<ArgumentException>(() => new DataLoader(Tensor.Ones((0, 2)), Tensor.Ones(0), 1));
        Assert.Contains("dropLast: false", Assert.Throws<ArgumentException>(() => new DataLoader(ones, ones, 11, dropLast: true)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DataLoader(ones, ones, 2) { Prefetch = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(ones, ones, 2).Epoch(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(ones, ones, 2).Epoch(0, 6));
    }

    /// <summary>1000 rows whose first input is their number, and so is their target.</summary>
    private static DataLoader Loader(ulong seed) =>
        new(Tensor.Arange(1000).Unsqueeze(1), Tensor.Arange(1000, DType.Int64), 32, seed: seed);

    private static long[] Order(IAsyncEnumerable<Batch> batches) => [.. Read(batches).SelectMany(batch => batch.Targets.ToArray<long>())];

    private static Batch[] Read(IAsyncEnumerable<Batch> batches) =>
        [.. batches.ToBlockingEnumerable(Cancellation)];
}
