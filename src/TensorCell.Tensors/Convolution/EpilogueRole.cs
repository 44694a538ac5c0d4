namespace TensorCell.Tensors.Convolution;

/// <summary>What an operand of an epilogue is to the convolution.</summary>
internal enum EpilogueRole
{
    /// <summary>The convolution's finished pixels, in working memory.</summary>
    Sums,

    /// <summary>A result of the convolution's type, which is moved from working memory as the sums alone would be.</summary>
    Result,

    /// <summary>One element for all pixels of a channel.</summary>
    Channel,

    /// <summary>Elements in memory, one for each pixel.</summary>
    Pixels,
}
