namespace TensorCell.Kernels;

/// <summary>How a reduction folds many values into one.</summary>
public enum ReduceOperation : byte
{
    /// <summary>The sum; 0 for no values.</summary>
    Sum,

    /// <summary>The arithmetic mean, of floating-point values; NaN for no values.</summary>
    Mean,

    /// <summary>The greatest value; NaN if there is a NaN. At least one value.</summary>
    Max,

    /// <summary>The least value; NaN if there is a NaN. At least one value.</summary>
    Min,

    /// <summary>The flat index, in the reduced dimensions' order, of the first greatest value, or of the first NaN.</summary>
    ArgMax,

    /// <summary>The flat index, in the reduced dimensions' order, of the first least value, or of the first NaN.</summary>
    ArgMin,
}
