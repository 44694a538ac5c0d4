namespace TensorCell.Tensors.Attention;

/// <summary>Some rows of a group, one lane each, and what they have summed up so far.</summary>
internal unsafe struct QueryPanel<T>
    where T : unmanaged
{
    /// <summary>The packed queries: for each element, one lane for each row.</summary>
    public T* Queries;

    /// <summary>The values summed up by their weights: for each element, one lane for each row.</summary>
    public T* Sums;

    /// <summary>Each row's greatest score.</summary>
    public T* Greatest;

    /// <summary>Each row's sum of weights.</summary>
    public T* Total;

    /// <summary>What each row's sums were last multiplied by.</summary>
    public T* Factor;

    /// <summary>How many keys each row sees.</summary>
    public nint* Limits;

    /// <summary>The first row, in the group.</summary>
    public nint FirstRow;

    /// <summary>How many keys any row sees.</summary>
    public nint Visible;

    /// <summary>How many keys all rows see.</summary>
    public nint SeenByAll;

    /// <summary>How many rows.</summary>
    public int Rows;

    /// <summary>Whether <see cref="Sums"/> hold anything.</summary>
    public bool HasBegun;
}
