using TensorCell.Data;

namespace TensorCell.Interactive.Magics;

/// <summary>Keeps what was last reported, for whoever asks.</summary>
internal sealed class LatestProgress : IProgress<ReadProgress>
{
    private readonly Lock gate = new();
    private ReadProgress latest;

    /// <summary>What was last reported.</summary>
    public ReadProgress Value
    {
        get
        {
            lock (gate)
            {
                return latest;
            }
        }
    }

    public void Report(ReadProgress value)
    {
        lock (gate)
        {
            latest = value;
        }
    }
}
