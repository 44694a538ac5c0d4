namespace TensorCell.Tensors.Convolution;

/// <summary>Filters of a group that tiles compute at once.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many.</param>
/// <param name="Step">From one to the next.</param>
internal readonly record struct FilterPanel(int First, int Count, int Step)
{
    /// <summary>
    /// The panels of a group whose filters fall into classes, every so manieth in each: those that make the best use of the processor's two
    /// multiplications and two loads at a time.
    /// </summary>
    public static FilterPanel[] Cut(int filters, int classes, TapTile tile)
    {
        List<FilterPanel> panels = [];
        for (int first = 0; first < Math.Min(classes, filters); first++)
        {
            int count = ((filters - first - 1) / classes) + 1;
            int parts = Parts(count, tile);
            for (int part = 0; part < parts; part++)
            {
                int from = (int)((long)count * part / parts);
                int end = (int)((long)count * (part + 1) / parts);
                panels.Add(new FilterPanel(first + (from * classes), end - from, classes));
            }
        }

        return [.. panels];
    }

    private static int Parts(int count, TapTile tile)
    {
        int fewest = (count + tile.Rows - 1) / tile.Rows;
        return Enumerable.Range(fewest, Math.Min(count, 2 * fewest) - fewest + 1).MinBy(parts => parts * Cost((count + parts - 1) / parts, tile));
    }

    // Half cycles for a step of depth and a vector of pixels: vectors that are read anywhere mostly lie on two lines of the cache.
    private static double Cost(int rows, TapTile tile)
    {
        int vectors = tile.Vectors(rows);
        return (Math.Max(rows * vectors, rows + (2 * vectors)) + 2.0) / vectors;
    }
}
