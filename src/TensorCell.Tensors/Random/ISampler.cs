namespace TensorCell.Tensors;

/// <summary>A distribution of two parameters whose numbers take as many random numbers as it happens.</summary>
internal interface ISampler
{
    /// <summary>A number.</summary>
    /// <param name="stream">Random numbers.</param>
    /// <param name="first">The first parameter.</param>
    /// <param name="second">The second parameter, if there is one.</param>
    static abstract double Sample(ref ElementStream stream, double first, double second);
}
