namespace TensorCell.Interactive.Benchmarks;

/// <summary>Garbage collections, by generation.</summary>
/// <param name="Generation0">Of the youngest objects alone.</param>
/// <param name="Generation1">Of those that survived one.</param>
/// <param name="Generation2">Of the whole heap.</param>
internal readonly record struct Collections(int Generation0, int Generation1, int Generation2)
{
    /// <summary>Those of this process until now; a collection counts in its own generation only.</summary>
    public static Collections Now
    {
        get
        {
            var (all, older, oldest) = (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));
            return new(all - older, older - oldest, oldest);
        }
    }

    public static Collections operator -(Collections left, Collections right) =>
        new(left.Generation0 - right.Generation0, left.Generation1 - right.Generation1, left.Generation2 - right.Generation2);

    public static Collections operator +(Collections left, Collections right) =>
        new(left.Generation0 + right.Generation0, left.Generation1 + right.Generation1, left.Generation2 + right.Generation2);
}
