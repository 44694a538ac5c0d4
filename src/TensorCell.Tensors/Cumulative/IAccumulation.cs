using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Cumulative;

/// <summary>An associative way to join two totals.</summary>
/// <typeparam name="T">The type of totals.</typeparam>
internal interface IAccumulation<T>
{
    /// <summary>The total of nothing.</summary>
    static abstract T Identity { get; }

    /// <summary>The total of what two totals cover.</summary>
    static abstract T Combine(T earlier, T later);

    /// <summary>The totals of what pairs of totals cover.</summary>
    static abstract Vector512<T> Combine(Vector512<T> earlier, Vector512<T> later);
}
