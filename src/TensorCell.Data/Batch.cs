using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>Some rows of a data set, gathered side by side in memory of their own.</summary>
/// <param name="Inputs">What a model is given; shape [rows, …] with the axes of one row behind the first.</param>
/// <param name="Targets">What it is to answer, row by row; shape [rows, …].</param>
/// <param name="Index">The batch's number in its epoch, from 0.</param>
public sealed record Batch(Tensor Inputs, Tensor Targets, int Index) : IDisposable
{
    /// <summary>Number of rows.</summary>
    public int Count => Inputs.Shape[0];

    /// <summary>Returns the memory to the pool at once; without it, the garbage collector does so later.</summary>
    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}
