namespace TensorCell.Kernels;

/// <summary>How a scan combines each value with those before it.</summary>
public enum ScanOperation : byte
{
    /// <summary>Running sums; nothing yet is 0.</summary>
    Add,

    /// <summary>Running products; nothing yet is 1.</summary>
    Multiply,

    /// <summary>The least so far; nothing yet is the greatest value there is.</summary>
    Min,

    /// <summary>The greatest so far; nothing yet is the least value there is.</summary>
    Max,
}
