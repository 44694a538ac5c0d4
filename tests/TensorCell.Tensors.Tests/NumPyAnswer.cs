namespace TensorCell.Tensors.Tests;

/// <summary>What NumPy made of a <see cref="NumPyCase"/>.</summary>
/// <param name="Arrays">The array that the expression gave, or those of the tuple or list that it gave.</param>
/// <param name="Error">The type and text of the exception if there was one; then there are no arrays.</param>
internal sealed record NumPyAnswer(NumPyArray[] Arrays, string? Error)
{
    /// <summary>The one array that the expression gave.</summary>
    public NumPyArray Array => Error is null ? Assert.Single(Arrays) : throw new InvalidOperationException($"NumPy refused the case: {Error}");
}
