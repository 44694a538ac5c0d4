namespace TensorCell.Tensors.Cumulative;

/// <summary>An associative way to join two totals.</summary>
/// <typeparam name="T">The type of totals.</typeparam>
internal interface IAccumulation<T>
{
    /// <summary>The total of nothing.</summary>
    static abstract T Identity { get; }

    /// <summary>The total of what two totals cover.</summary>
    static abstract T Combine(T earlier, T later);
}
