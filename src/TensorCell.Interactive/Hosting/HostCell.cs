using System.Runtime.CompilerServices;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Hosting;

/// <summary>
/// A cell that a host splits and runs part by part, seen whole: each part that the host hands over is found again in the text, where the magic's
/// line stands as it was typed, with the body that this library gives it.
/// </summary>
internal sealed class HostCell
{
    private static readonly ConditionalWeakTable<object, HostCell> cells = [];

    private readonly IReadOnlyList<CellSegment> segments;
    private readonly Dictionary<string, Queue<CellLine>> lines;

    private HostCell(string text, MagicRegistry registry)
    {
        segments = CellSplitter.Split(text, registry);
        lines = CellLine.Split(text)
            .Where(line => line.IsMagic)
            .GroupBy(line => registry.TryFind(line.MagicName, out var declaration) ? declaration.Name : line.MagicName)
            .ToDictionary(group => group.Key, group => new Queue<CellLine>(group), StringComparer.Ordinal);
    }

    /// <summary>The cell of a submission; the same for every part of it.</summary>
    public static HostCell Of(object submission, string? text, MagicRegistry registry) =>
        cells.GetValue(submission, _ => new HostCell(text ?? "", registry));

    /// <summary>What the next part that the host runs is; to be asked in the order that they run in.</summary>
    /// <param name="declaration">The magic that the host takes the part for.</param>
    /// <param name="body">The text below the magic; null when there is none.</param>
    public HostCellPart Find(MagicDeclaration declaration, string? body)
    {
        lock (lines)
        {
            if (!lines.TryGetValue(declaration.Name, out var left) || !left.TryPeek(out var line))
            {
                // A host goes on with a body magic below a line magic, where the cell is C# again.
                var text = body?.Trim();
                var code = text is null ? null : segments.OfType<CodeSegment>().FirstOrDefault(code => code.Code.Trim() == text);
                return new HostCellPart(null, code, IsDone: declaration.IsBody && body is null);
            }

            var segment = segments.OfType<MagicSegment>().FirstOrDefault(segment => segment.Start == line.Start);
            if (declaration.IsBody && body is null && (segment is null || !string.IsNullOrWhiteSpace(segment.Body?.Text)))
            {
                return new HostCellPart(null, null, IsDone: true); // Its body comes next.
            }

            left.Dequeue();
            return new HostCellPart(segment, null, IsDone: segment is null);
        }
    }
}

/// <summary>A part of a cell.</summary>
/// <param name="Segment">The magic's line and body; null when the text has none for it.</param>
/// <param name="Code">The C# that it is; null when it is none.</param>
/// <param name="IsDone">Whether there is nothing to do: it stands in another magic's body, which is run with it, or its own body comes yet.</param>
internal readonly record struct HostCellPart(MagicSegment? Segment, CodeSegment? Code, bool IsDone);
