using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>The sections of a <c>#!compare</c> cell.</summary>
/// <param name="Setup">C# above the first section, run once; null when there is none.</param>
/// <param name="Sections">The sections, in order.</param>
internal sealed record CellSections(CellBody? Setup, IReadOnlyList<CellSection> Sections)
{
    /// <summary>The whole body as one section, in the language of the selector on its first line, or else C#.</summary>
    public static CellSection OfLanguage(CellBody body, string name, MagicRegistry registry)
    {
        var lines = CellLine.Split(body.Text);
        var first = lines.FindIndex(line => !string.IsNullOrWhiteSpace(line.Text));
        if (first < 0 || Selector(lines[first], registry) is not { } selector)
        {
            return new(name, "csharp", body, []);
        }

        return Section(body, lines, first, lines.Count, selector.Language, name, selector.Shared);
    }

    /// <summary>
    /// Splits at <c>//% name</c>, <c>#!csharp name</c> and <c>#!python name</c>; within Python also at <c>#% name</c>.
    /// </summary>
    /// <exception cref="MagicException">A section has no name, no code or a name used before.</exception>
    public static CellSections Parse(CellBody body, MagicRegistry registry)
    {
        var lines = CellLine.Split(body.Text);
        var sections = new List<CellSection>();
        CellBody? setup = null;
        (int Line, string Language, string Name, IReadOnlyList<string> Shared)? open = null;
        var scanner = new CSharpScanner(body.Text, 0);
        for (var i = 0; i <= lines.Count; i++)
        {
            var isPython = open?.Language == "python";
            var heading = i == lines.Count ? null
                : !isPython && scanner.IsInside(lines[i].Start) ? null
                : Heading(lines[i], isPython, registry);
            if (heading is null && i < lines.Count)
            {
                if (!isPython)
                {
                    scanner.ScanTo(lines[i].Next);
                }

                continue;
            }

            if (open is { } section)
            {
                Add(sections, Section(body, lines, section.Line, i, section.Language, section.Name, section.Shared));
            }
            else if (i > 0 && !string.IsNullOrWhiteSpace(body.Text[..(i < lines.Count ? lines[i].Start : body.Text.Length)]))
            {
                setup = body with { Text = body.Text[..(i < lines.Count ? lines[i].Start : body.Text.Length)] };
            }

            if (heading is { } next)
            {
                open = (i, next.Language, next.Name, next.Shared);
                scanner = new(body.Text, lines[i].Next);
            }
        }

        return new(setup, sections);
    }

    private static void Add(List<CellSection> sections, CellSection section)
    {
        var marker = section.Language == "python" ? "#!python" : "//%";
        if (section.Name.Length == 0)
        {
            Throw.Magic($"#!compare: section {sections.Count + 1} has no name; write {marker} name above its code");
        }

        if (string.IsNullOrWhiteSpace(section.Body.Text))
        {
            Throw.Magic($"#!compare: section {section.Name} has no code; write it below {marker} {section.Name}");
        }

        if (sections.Any(other => other.Name == section.Name))
        {
            Throw.Magic($"#!compare: two sections are called {section.Name}; give each its own name");
        }

        sections.Add(section);
    }

    private static CellSection Section(
        CellBody body, List<CellLine> lines, int heading, int end, string language, string name, IReadOnlyList<string> shared)
    {
        var start = lines[heading].Next;
        var stop = end < lines.Count ? lines[end].Start : body.Text.Length;
        return new(name, language, new CellBody(body.Text[start..stop], body.FirstLine + heading + 1), shared);
    }

    private static (string Language, string Name, IReadOnlyList<string> Shared)? Heading(CellLine line, bool isPython, MagicRegistry registry)
    {
        if (line.Text.StartsWith("//%", StringComparison.Ordinal))
        {
            return ("csharp", line.Text[3..].TrimStart('%').Trim(), []);
        }

        if (isPython && (line.Text.StartsWith("#%", StringComparison.Ordinal) || line.Text.StartsWith("# %", StringComparison.Ordinal)))
        {
            return ("python", line.Text[(line.Text.IndexOf('%', StringComparison.Ordinal) + 1)..].TrimStart('%').Trim(), []);
        }

        return Selector(line, registry);
    }

    private static (string Language, string Name, IReadOnlyList<string> Shared)? Selector(CellLine line, MagicRegistry registry)
    {
        if (!line.IsMagic || !registry.TryFind(line.MagicName, out var declaration) || !declaration.IsSelector)
        {
            return null;
        }

        var arguments = line.Text[(2 + line.MagicName.Length)..];
        if (declaration.Language == "python")
        {
            var magic = (PythonMagic)MagicBinder.Bind(declaration, arguments, registry);
            return ("python", magic.Name, magic.Share);
        }

        if (declaration.Language != "csharp")
        {
            Throw.Magic($"#!{line.MagicName}: only C# and Python can be measured; write //% name or #!python name");
        }

        return ("csharp", arguments.Trim(), []);
    }
}
