namespace TensorCell.Tensors;

/// <summary>Which sums of products a convolution of two vectors gives.</summary>
public enum ConvolutionMode
{
    /// <summary>Every one in which they overlap at all: as many as both are long, less one.</summary>
    Full,

    /// <summary>As many in the middle as the longer one is long.</summary>
    Same,

    /// <summary>Those in which they overlap all along the shorter one.</summary>
    Valid,
}
