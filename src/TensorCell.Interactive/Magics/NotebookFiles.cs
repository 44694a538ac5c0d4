namespace TensorCell.Interactive.Magics;

/// <summary>The files in the notebook's folder, for completion.</summary>
internal static class NotebookFiles
{
    /// <summary>The names of those with some endings, as <c>.csv</c>, in order.</summary>
    public static IEnumerable<string> Ending(params IReadOnlyList<string> endings) => Directory.EnumerateFiles(".")
        .Select(path => Path.GetFileName(path))
        .Where(name => endings.Contains(Path.GetExtension(name)))
        .Order(StringComparer.OrdinalIgnoreCase);
}
