namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>What has become of a thread.</summary>
internal enum PtxLaneState
{
    Running,
    Waiting,
    Returned,
    Exited,
}

/// <summary>A thread: its registers and where it stands.</summary>
internal sealed class PtxLane(PtxBlock block, int registers, int[] index)
{
    public PtxBlock Block { get; } = block;

    /// <summary>Its index in the block along x, y and z.</summary>
    public int[] Index { get; } = index;

    public ulong[] Values { get; } = new ulong[registers];

    public bool[] IsDefined { get; } = new bool[registers];

    /// <summary>The number of the next instruction.</summary>
    public int Next { get; set; }

    public PtxLaneState State { get; set; }
}
