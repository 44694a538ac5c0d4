namespace TensorCell.Tensors.Convolution;

/// <summary>What the blocks of a sliding product may take up.</summary>
internal readonly record struct BlockLimits
{
    /// <summary>The most places on a line.</summary>
    public required long Line { get; init; }

    /// <summary>The most elements of the planes of so many channels.</summary>
    public required long Memory { get; init; }

    /// <summary>Channels whose planes are there at once.</summary>
    public required int Channels { get; init; }

    /// <summary>Columns that blocks of less than a row are made of multiples of.</summary>
    public required int Columns { get; init; }

    /// <summary>Places that are computed at once.</summary>
    public required int Lanes { get; init; }

    /// <summary>Whether each block is one line.</summary>
    public bool HasOneLine { get; init; }

    /// <summary>How many filters read what lies on a line.</summary>
    public required int Filters { get; init; }
}
