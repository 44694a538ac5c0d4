namespace TensorCell.Interactive.Formatting;

/// <summary>Which places of a long row are shown.</summary>
internal static class Elision
{
    /// <summary>All places, or the first and last ones with a null between for those left out.</summary>
    public static IReadOnlyList<int?> Places(long count, int most)
    {
        if (count <= most)
        {
            return [.. Enumerable.Range(0, (int)count).Select(i => (int?)i)];
        }

        var half = most / 2;
        return
        [
            .. Enumerable.Range(0, half).Select(i => (int?)i),
            null,
            .. Enumerable.Range(0, half).Select(i => (int?)(count - half + i)),
        ];
    }
}
