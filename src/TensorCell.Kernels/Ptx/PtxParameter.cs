namespace TensorCell.Kernels.Ptx;

/// <summary>What a parameter of a PTX kernel is given at launch.</summary>
internal enum PtxParameterKind : byte
{
    /// <summary>The address of a view's first element: u64.</summary>
    Address,

    /// <summary>The extent of a view along a dimension: u32.</summary>
    Length,

    /// <summary>Bytes from one element of a view to its neighbour along a dimension: u64, taken as signed.</summary>
    Stride,

    /// <summary>The value of a uniform.</summary>
    Uniform,

    /// <summary>How many items the index space has along an axis: u32.</summary>
    Extent,

    /// <summary>The address of the <see cref="PtxFailure"/> that an item records its error in: u64.</summary>
    Failure,
}

/// <summary>A parameter of a PTX kernel.</summary>
/// <param name="Name">Its name in the text.</param>
/// <param name="Type">Its type in the text.</param>
/// <param name="Kind">What it is given.</param>
/// <param name="Index">Which view, uniform or axis.</param>
/// <param name="Dimension">Which dimension of the view.</param>
internal readonly record struct PtxParameter(string Name, string Type, PtxParameterKind Kind, int Index = 0, int Dimension = 0)
{
    /// <summary>Bytes that it takes.</summary>
    public int Size => Type is "u64" or "f64" ? sizeof(long) : sizeof(int);
}
