namespace TensorCell.Interactive.Magics;

/// <summary>
/// Splits a cell at its magics. A magic's line begins with <c>#!</c> and a letter in the first column, outside the strings and comments of C#.
/// Line magics directly below a body magic run before it; one further below ends its body, after which the cell goes on in the
/// language it was in.
/// </summary>
public sealed class CellSplitter
{
    private readonly string text;
    private readonly MagicRegistry registry;
    private readonly List<CellLine> lines;
    private readonly List<CellSegment> segments = [];
    private MagicSegment? selector;
    private int index;

    private CellSplitter(string text, MagicRegistry registry)
    {
        this.text = text;
        this.registry = registry;
        lines = CellLine.Split(text);
    }

    /// <summary>The parts of a cell, in the order they are to run. Never fails: unknown magics are segments without a declaration.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="registry">The magics that are known.</param>
    public static IReadOnlyList<CellSegment> Split(string text, MagicRegistry registry)
    {
        var splitter = new CellSplitter(text, registry);
        splitter.Split();
        return splitter.segments;
    }

    private void Split()
    {
        while (index < lines.Count)
        {
            var line = lines[index];
            if (IsMagic(line, selector?.Declaration!.Language ?? "csharp"))
            {
                ReadMagic(line);
            }
            else if (selector is { } language)
            {
                AddBody(language.Name, language.Arguments, language.Declaration!, line.Start, line.Number);
            }
            else
            {
                ReadCode(line.Start, line.Number);
            }
        }
    }

    private void ReadMagic(CellLine line)
    {
        index++;
        var name = line.MagicName;
        var arguments = line.Text[(2 + name.Length)..];
        registry.TryFind(name, out var declaration);
        if (declaration is not { IsBody: true })
        {
            segments.Add(new MagicSegment(name, arguments, declaration, null, line.Next, line.Start, line.Next - line.Start, line.Number));
            return;
        }

        selector = null;
        ReadLineMagics();
        if (declaration is { IsSelector: true, Language: "csharp" } && string.IsNullOrWhiteSpace(arguments))
        {
            ReadCode(line.Start, line.Number);
            return;
        }

        AddBody(name, arguments, declaration, line.Start, line.Number);
        if (declaration.IsSelector && segments[^1] is MagicSegment added)
        {
            selector = added;
        }
    }

    /// <summary>Line magics directly below a body magic, and the blank lines between them.</summary>
    private void ReadLineMagics()
    {
        for (var ahead = index; ahead < lines.Count; ahead++)
        {
            if (lines[ahead].IsMagic && registry.TryFind(lines[ahead].MagicName, out var declaration) && !declaration.IsBody)
            {
                index = ahead;
                ReadMagic(lines[ahead]);
            }
            else if (!string.IsNullOrWhiteSpace(lines[ahead].Text))
            {
                return;
            }
        }
    }

    private void ReadCode(int start, int number)
    {
        var first = index;
        var scanner = ScannerHere();
        for (; index < lines.Count; index++)
        {
            var line = lines[index];
            if (!scanner.IsInside(line.Start))
            {
                if (line.IsMagic)
                {
                    break;
                }

                if (scanner.IsAtStatementStart && HabitualMagics.Advice(line.Text) is { } advice)
                {
                    AddCode(first, start, number);
                    segments.Add(new HabitSegment(advice, line.Start, line.Next - line.Start, line.Number));
                    index++;
                    return;
                }
            }

            scanner.ScanTo(line.Next);
        }

        AddCode(first, start, number);
    }

    private void AddCode(int first, int start, int number)
    {
        var end = index < lines.Count ? lines[index].Start : text.Length;
        var codeStart = first < lines.Count ? lines[first].Start : text.Length;
        var code = text[codeStart..end];
        if (!string.IsNullOrWhiteSpace(code))
        {
            segments.Add(new CodeSegment(code, codeStart, lines[first].Number, start, end - start, number));
        }
    }

    private void AddBody(string name, string arguments, MagicDeclaration declaration, int start, int number)
    {
        var bodyLine = index < lines.Count ? lines[index].Number : lines.Count + 1;
        var bodyStart = index < lines.Count ? lines[index].Start : text.Length;
        SkipBody(declaration);
        var end = index < lines.Count ? lines[index].Start : text.Length;
        segments.Add(new MagicSegment(
            name, arguments, declaration, new CellBody(text[bodyStart..end], bodyLine), bodyStart, start, end - start, number));
    }

    private void SkipBody(MagicDeclaration declaration)
    {
        if (declaration.Extent == BodyExtent.Cell)
        {
            index = lines.Count;
            return;
        }

        var language = declaration.Language;
        var isBlank = true;
        var scanner = ScannerHere();
        for (; index < lines.Count; index++)
        {
            var line = lines[index];
            if (language != "csharp" || !scanner.IsInside(line.Start))
            {
                if (IsMagic(line, language))
                {
                    var staysInside = declaration.Extent == BodyExtent.Sections || (declaration.Extent == BodyExtent.SectionInLanguage && isBlank);
                    if (!staysInside || !registry.TryFind(line.MagicName, out var inner) || !inner.IsSelector)
                    {
                        return;
                    }

                    language = inner.Language;
                    isBlank = false;
                    scanner = new CSharpScanner(text, line.Next);
                    continue;
                }
            }

            isBlank &= string.IsNullOrWhiteSpace(line.Text);
            if (language == "csharp")
            {
                scanner.ScanTo(line.Next);
            }
        }
    }

    private CSharpScanner ScannerHere() => new(text, index < lines.Count ? lines[index].Start : text.Length);

    /// <summary>In C# any such line is a magic's, if only to be told that there is none of its name; elsewhere it may be a comment.</summary>
    private bool IsMagic(CellLine line, string language) =>
        line.IsMagic && (language == "csharp" || registry.TryFind(line.MagicName, out _));
}
