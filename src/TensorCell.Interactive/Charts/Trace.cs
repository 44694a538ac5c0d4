namespace TensorCell.Interactive;

/// <summary>One set of data drawn in a <see cref="Figure"/>.</summary>
public abstract record Trace
{
    /// <summary>Its name in the legend; null leaves it out of the legend.</summary>
    public string? Name { get; init; }

    /// <summary>Its colour as CSS writes it (<c>#0072b2</c>); null takes the next of the palette.</summary>
    public string? Color { get; init; }
}
