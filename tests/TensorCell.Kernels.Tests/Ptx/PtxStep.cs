namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>How an instruction moves the threads that come to it.</summary>
internal enum PtxStepKind
{
    Plain,
    Branch,
    Return,
    Exit,
    Barrier,
    Shuffle,
}

/// <summary>An instruction that has been checked, ready to run.</summary>
/// <param name="Kind">How it moves threads.</param>
/// <param name="Run">What it does to a thread; of a shuffle, nothing.</param>
/// <param name="Guard">Whether it runs; null if always.</param>
/// <param name="Target">Where a branch goes.</param>
/// <param name="Sources">Of a shuffle: the value, the distance, the clamp and the mask.</param>
/// <param name="Write">Of a shuffle: where the result goes.</param>
internal sealed record PtxStep(
    PtxStepKind Kind,
    Action<PtxLane>? Run = null,
    Func<PtxLane, bool>? Guard = null,
    int Target = 0,
    Func<PtxLane, ulong>[]? Sources = null,
    Action<PtxLane, ulong>? Write = null)
{
    public bool IsTaken(PtxLane lane) => Guard is null || Guard(lane);
}
