using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>What compiled lines do with their values besides storing them.</summary>
internal enum LineFold : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Add them up.</summary>
    Sum,

    /// <summary>Keep the greatest.</summary>
    Max,

    /// <summary>Keep the least.</summary>
    Min,
}

/// <summary>Facts about each <see cref="LineFold"/>.</summary>
internal static class LineFolds
{
    extension(LineFold fold)
    {
        /// <summary>Whether values of a type are added up in a wider one.</summary>
        public bool Widens(LaneType type) => fold == LineFold.Sum && type == LaneType.Float32;
    }

    /// <summary>How the values of a reduction are folded; null where compiled lines do not.</summary>
    public static LineFold? Of(ReduceOperation operation) => operation switch
    {
        ReduceOperation.Sum or ReduceOperation.Mean => LineFold.Sum,
        ReduceOperation.Max => LineFold.Max,
        ReduceOperation.Min => LineFold.Min,
        _ => null,
    };
}
