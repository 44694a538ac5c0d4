using System.Runtime.CompilerServices;
using System.Threading.Channels;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>
/// The rows of a data set in batches, in an order that a seed determines, gathered in the background while the batch before is worked on:
/// <c>await foreach (Batch batch in loader.Epoch(0)) …</c>. It can be enumerated any number of times, also side by side.
/// </summary>
/// <remarks>
/// The order of an epoch depends on seed and epoch alone, so training can go on in the middle of one. The tensors must not be written to in
/// place while an epoch runs.
/// </remarks>
public sealed class DataLoader : IAsyncEnumerable<Batch>
{
    private readonly Tensor inputs;
    private readonly Tensor targets;

    /// <summary>A loader over the rows of two tensors, which are not copied if they lie in row-major order.</summary>
    /// <param name="inputs">What a model is given; shape [rows, …].</param>
    /// <param name="targets">What it is to answer, row by row; shape [rows, …].</param>
    /// <param name="batchSize">Rows of a batch; the last one of an epoch may have fewer.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; if not, rows come as they are.</param>
    /// <param name="seed">What determines the orders.</param>
    /// <param name="dropLast">Whether to leave out a last batch of fewer rows.</param>
    /// <exception cref="ArgumentException">The tensors have different numbers of rows, or do not fill one batch.</exception>
    public DataLoader(Tensor inputs, Tensor targets, int batchSize, bool shuffle = true, ulong seed = 0, bool dropLast = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rank == 0 || targets.Rank == 0 || inputs.Shape[0] != targets.Shape[0])
        {
            throw Throw.UnequalRows(inputs.Shape, targets.Shape);
        }

        RowCount = inputs.Shape[0];
        if (batchSize < 1 || RowCount < (dropLast ? batchSize : 1))
        {
            throw Throw.NoBatch(RowCount, batchSize, dropLast);
        }

        this.inputs = inputs.Contiguous().Realize();
        this.targets = targets.Contiguous().Realize();
        BatchSize = batchSize;
        Shuffles = shuffle;
        Seed = seed;
        DropsLast = dropLast;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Rows of a batch; the last one of an epoch may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Number of batches of an epoch.</summary>
    public int BatchesPerEpoch => (RowCount / BatchSize) + (!DropsLast && RowCount % BatchSize > 0 ? 1 : 0);

    /// <summary>Shape of one row's inputs, without the axis of rows.</summary>
    public Shape InputShape => Shape.Of(inputs.Shape.Lengths[1..]);

    /// <summary>Shape of one row's targets, without the axis of rows.</summary>
    public Shape TargetShape => Shape.Of(targets.Shape.Lengths[1..]);

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffles { get; }

    /// <summary>What determines the orders.</summary>
    public ulong Seed { get; }

    /// <summary>Whether a last batch of fewer rows is left out.</summary>
    public bool DropsLast { get; }

    /// <summary>Batches that wait, at most, for the one who works on them.</summary>
    public int Prefetch
    {
        get;
        init => field = value >= 1 ? value : throw Throw.NoPrefetch(value);
    } = 3;

    /// <summary>The names of the classes that integer targets number, if they were made of text; else empty.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The batches of one epoch.</summary>
    /// <param name="epoch">The epoch's number, from 0, which together with the seed determines the order of the rows.</param>
    /// <param name="firstBatch">How many batches to leave out, of those that would come first.</param>
    /// <param name="cancellation">Ends the enumeration; so does an interruption of the cell that runs it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch or batch.</exception>
    public IAsyncEnumerable<Batch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        return Stream(epoch, firstBatch, cancellation);
    }

    /// <summary>The batches of epoch 0.</summary>
    public IAsyncEnumerator<Batch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Epoch(0).GetAsyncEnumerator(cancellationToken);

    /// <summary>What is in the loader, in one line.</summary>
    public override string ToString() =>
        $"DataLoader: {RowCount} rows, inputs {InputShape} {inputs.DType.Name}, targets {TargetShape} {targets.DType.Name}, "
        + $"{BatchesPerEpoch} batches of {BatchSize}" + (Shuffles ? $", shuffled with seed {Seed}" : "");

    private static async ValueTask<Batch?> Next(ChannelReader<Batch> reader, CancellationToken stop, CancellationToken cancellation)
    {
        try
        {
            return await reader.WaitToReadAsync(stop).ConfigureAwait(false) && reader.TryRead(out Batch? batch) ? batch : null;
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async IAsyncEnumerable<Batch> Stream(
        int epoch, int firstBatch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Interruption.Token);
        Channel<Batch> channel = Channel.CreateBounded<Batch>(
            new BoundedChannelOptions(Prefetch) { SingleReader = true, SingleWriter = true });
        Task gathering = Start(() => Gather(epoch, firstBatch, channel.Writer, stop.Token));
        try
        {
            while (await Next(channel.Reader, stop.Token, cancellation).ConfigureAwait(false) is Batch batch)
            {
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await gathering.ConfigureAwait(false);
            while (channel.Reader.TryRead(out Batch? unused))
            {
                unused.Dispose();
            }
        }
    }

    /// <summary>
    /// Begins work in the background. The caller's context stays behind: a tensor scope that is open now may end while batches that no one
    /// has seen yet are waiting, and would take their memory.
    /// </summary>
    private static Task Start(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }

    /// <summary>Fills the channel; never fails itself, but hands what fails to who reads.</summary>
    private async Task Gather(int epoch, int firstBatch, ChannelWriter<Batch> writer, CancellationToken stop)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            Tensor? order = Shuffles ? Tensor.Random(RandomStream.SeedOf(Seed, (ulong)epoch)).Permutation(RowCount) : null;
            for (int index = firstBatch; index < BatchesPerEpoch; index++)
            {
                stop.ThrowIfCancellationRequested();
                int start = index * BatchSize;
                Range rows = start..(start + Math.Min(BatchSize, RowCount - start));
                Batch batch = order is null
                    ? new Batch(inputs[rows].Clone(), targets[rows].Clone(), index)
                    : new Batch(inputs.Take(order[rows]).Realize(), targets.Take(order[rows]).Realize(), index);
                try
                {
                    await writer.WriteAsync(batch, stop).ConfigureAwait(false);
                }
                catch
                {
                    batch.Dispose();
                    throw;
                }
            }

            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception);
        }
    }
}
