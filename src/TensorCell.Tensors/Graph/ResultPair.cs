namespace TensorCell.Tensors.Graph;

/// <summary>
/// The two results of one computation. The operation of either computes both; the other result waits here until its own operation takes it. One
/// that was given back to the pool meanwhile, as at the end of a scope, is computed again.
/// </summary>
internal sealed class ResultPair
{
    private readonly Lock access = new();
    private Storage? waiting;
    private bool isSecondWaiting;

    /// <summary>One of the results.</summary>
    /// <param name="isSecond">Which.</param>
    /// <param name="compute">Computes both.</param>
    public Storage Take(bool isSecond, Func<(Storage First, Storage Second)> compute)
    {
        lock (access)
        {
            if (waiting is { IsDisposed: false } ready && isSecondWaiting == isSecond)
            {
                waiting = null;
                return ready;
            }

            (Storage first, Storage second) = compute();
            waiting = isSecond ? first : second;
            isSecondWaiting = !isSecond;
            return isSecond ? second : first;
        }
    }
}
