namespace TensorCell.Learning;

/// <summary>
/// The steps of a run. Unlike the enumerator that the compiler makes, its own may be disposed while it is at a step, as happens where an interrupted
/// cell stops waiting for it: the step is finished first.
/// </summary>
/// <param name="steps">The steps.</param>
/// <param name="onStop">Told when nobody waits any more for the step that is being made.</param>
internal sealed class TrainingStream(IAsyncEnumerable<TrainingStep> steps, Action onStop) : IAsyncEnumerable<TrainingStep>
{
    /// <inheritdoc/>
    public IAsyncEnumerator<TrainingStep> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(steps, onStop, cancellationToken);

    private sealed class Enumerator : IAsyncEnumerator<TrainingStep>
    {
        private readonly Action onStop;
        private readonly CancellationTokenSource stop;
        private readonly IAsyncEnumerator<TrainingStep> inner;
        private Task<bool>? moving;

        public Enumerator(IAsyncEnumerable<TrainingStep> steps, Action onStop, CancellationToken cancellation)
        {
            this.onStop = onStop;
            stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            inner = steps.GetAsyncEnumerator(stop.Token);
        }

        public TrainingStep Current => inner.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            ValueTask<bool> next = inner.MoveNextAsync();
            if (next.IsCompleted)
            {
                return next;
            }

            moving = next.AsTask();
            return new ValueTask<bool>(moving);
        }

        public async ValueTask DisposeAsync()
        {
            if (moving is { IsCompleted: false })
            {
                onStop();
                await stop.CancelAsync().ConfigureAwait(false);
                await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await inner.DisposeAsync().ConfigureAwait(false);
            stop.Dispose();
        }
    }
}
