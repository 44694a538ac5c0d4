namespace TensorCell.Interactive;

/// <summary>Which colours numbers are shown as.</summary>
public enum ColorMap
{
    /// <summary>From black to white.</summary>
    Gray,

    /// <summary>From dark violet over green to yellow, in even perceived steps.</summary>
    Sequential,

    /// <summary>Blue below, red above, white in the middle; around zero unless a range is given.</summary>
    Diverging,
}
