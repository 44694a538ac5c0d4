namespace TensorCell.Tensors.Autograd;

/// <summary>
/// A stretch of code in which gradients are not kept track of (<see cref="Tensor.NoGrad"/>) or every operation is recorded
/// (<see cref="Tensor.Record"/>), until it is disposed. Scopes nest, and hold across <c>await</c>.
/// </summary>
public sealed class TapeScope : IDisposable
{
    private readonly TapeScope? outer;
    private bool isOpen = true;

    internal TapeScope(bool isTracking, bool isRecording)
    {
        IsTracking = isTracking;
        IsRecording = isRecording;
        Tape.Count(1);
        outer = Tape.Current;
        Tape.Current = this;
    }

    internal bool IsTracking { get; }

    internal bool IsRecording { get; }

    /// <summary>Goes back to what held before.</summary>
    public void Dispose()
    {
        if (isOpen)
        {
            isOpen = false;
            Tape.Current = outer;
            Tape.Count(-1);
        }
    }
}
