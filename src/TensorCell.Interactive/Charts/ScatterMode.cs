namespace TensorCell.Interactive;

/// <summary>How the points of a <see cref="ScatterTrace"/> are drawn.</summary>
public enum ScatterMode
{
    /// <summary>Joined by a line.</summary>
    Lines,

    /// <summary>A dot each.</summary>
    Markers,

    /// <summary>A dot each, joined by a line.</summary>
    LinesAndMarkers,
}
