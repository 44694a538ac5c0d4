namespace TensorCell.Data;

/// <summary>What to do with a bad row.</summary>
public enum BadRows
{
    /// <summary>Throw a <see cref="ReadException"/> for the first one in the file.</summary>
    Throw,

    /// <summary>Leave them out and count them in <see cref="ReadReport.SkippedRows"/>.</summary>
    Skip,
}
