namespace TensorCell.Interactive.Magics;

/// <summary>Completion and help at a place in a cell.</summary>
internal static class MagicCompleter
{
    public static MagicCompletions? Complete(MagicRegistry registry, string text, int cursor, INotebook? notebook)
    {
        if (FindLine(registry, text, cursor) is not { } line)
        {
            return null;
        }

        var typed = text[line.Start..cursor];
        if (typed.AsSpan().IndexOfAny(' ', '\t') < 0)
        {
            var end = line.Start;
            while (end < line.End && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            return new(line.Start, end, [
                .. registry.Declarations
                    .Where(declaration => ("#!" + declaration.Name).StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                    .Select(declaration => new MagicCompletion("#!" + declaration.Name, "magic", declaration.Description))]);
        }

        return registry.TryFind(line.MagicName, out var declaration)
            ? CompleteWord(declaration, registry, line, cursor - line.Start, notebook)
            : new(cursor, cursor, []);
    }

    public static MimeBundle? Describe(MagicRegistry registry, string text, int cursor) =>
        FindLine(registry, text, cursor) is { IsMagic: true } line && registry.TryFind(line.MagicName, out var declaration)
            ? MagicHelp.Of(declaration)
            : null;

    private static MagicCompletions CompleteWord(
        MagicDeclaration declaration, MagicRegistry registry, CellLine line, int column, INotebook? notebook)
    {
        var nameLength = 2 + line.MagicName.Length;
        var tokens = MagicToken.Split(line.Text[nameLength..column]);
        var last = tokens.Count > 0 && tokens[^1].End == column - nameLength ? tokens[^1] : (MagicToken?)null;
        var before = last is null ? tokens : tokens[..^1];
        var start = line.Start + (last is { } token ? nameLength + token.Start : column);
        var word = last?.Text ?? "";
        var end = line.Start + column;
        while (end < line.End && !char.IsWhiteSpace(line.Text[end - line.Start]))
        {
            end++;
        }

        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                return new(start, end, [.. Options(declaration, before, word)]);
            }

            var named = declaration.Options.FirstOrDefault(option => option.Name == word[..equals]);
            return new(start + equals + 1, end, [.. Values(declaration, named, word[(equals + 1)..], registry, notebook)]);
        }

        if (before.Count > 0
            && declaration.Options.FirstOrDefault(option => option.Name == before[^1].Text) is { IsFlag: false } option)
        {
            return new(start, end, [.. Values(declaration, option, word, registry, notebook)]);
        }

        var arguments = declaration.Arguments.ToList();
        var given = CountArguments(declaration, before);
        var argument = given < arguments.Count ? arguments[given] : arguments.LastOrDefault(argument => argument.IsList);
        return new(start, end, [
            .. Values(declaration, argument, word, registry, notebook),
            .. word.Length == 0 ? Options(declaration, before, "") : []]);
    }

    private static int CountArguments(MagicDeclaration declaration, List<MagicToken> tokens)
    {
        var count = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Text.StartsWith("--", StringComparison.Ordinal))
            {
                i += declaration.Options.Any(option => option.Name == tokens[i].Text && !option.IsFlag) ? 1 : 0;
            }
            else
            {
                count++;
            }
        }

        return count;
    }

    private static IEnumerable<MagicCompletion> Options(MagicDeclaration declaration, List<MagicToken> before, string word) =>
        declaration.Options
            .Where(option => option.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Where(option => option.IsList || !before.Any(token => token.Text == option.Name || token.Text.StartsWith(option.Name + "=", StringComparison.Ordinal)))
            .Select(option => new MagicCompletion(option.Name, "option", option.Description))
            .Concat("--help".StartsWith(word, StringComparison.Ordinal) ? [new MagicCompletion("--help", "option", "explains the magic")] : []);

    private static IEnumerable<MagicCompletion> Values(
        MagicDeclaration declaration, MagicParameter? parameter, string word, MagicRegistry registry, INotebook? notebook) => parameter is null
        ? []
        : declaration.Suggest(parameter, registry, notebook)
            .Where(value => value.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(value => new MagicCompletion(value, "value", ""));

    /// <summary>The line the cursor is on, when a magic's name stands or begins on it.</summary>
    private static CellLine? FindLine(MagicRegistry registry, string text, int cursor)
    {
        var line = CellLine.Split(text).LastOrDefault(line => line.Start <= cursor && cursor <= line.End);
        if (line.Text is null || cursor - line.Start < 1)
        {
            return null;
        }

        if (!line.Text.StartsWith("#!", StringComparison.Ordinal))
        {
            return line.Text == "#" ? line : null;
        }

        // The splitter knows strings, comments and bodies; a name not yet typed stands in for one it would take for a magic's.
        var isBare = !line.IsMagic;
        var cell = isBare ? text.Insert(line.Start + 2, "x") : text;
        var starts = CellSplitter.Split(cell, registry)
            .Any(segment => segment is MagicSegment && (segment.Start == line.Start || IsWithin(registry, segment, line)));
        return starts ? line : null;
    }

    private static bool IsWithin(MagicRegistry registry, CellSegment segment, CellLine line) =>
        segment is MagicSegment { Declaration.Extent: not BodyExtent.Section } magic
        && magic.BodyStart <= line.Start
        && line.Start < magic.Start + magic.Length
        && (!line.IsMagic || registry.TryFind(line.MagicName, out _));
}
