namespace TensorCell.Kernels.Simd;

/// <summary>Of what lines consist besides whole turns of a loop.</summary>
internal enum LineRest : byte
{
    /// <summary>Of nothing.</summary>
    None,

    /// <summary>Of whole vectors.</summary>
    Vectors,

    /// <summary>Of any number of elements.</summary>
    Elements,
}
