using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Recommendations;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Proposes what could be typed at a place in a cell, from what the names there mean.</summary>
internal static class CodeCompleter
{
    private const int Most = 500;

    private static readonly string[] keywords =
    [
        .. Enum.GetValues<SyntaxKind>()
            .Where(kind => SyntaxFacts.IsReservedKeyword(kind) || kind is SyntaxKind.AsyncKeyword or SyntaxKind.AwaitKeyword
                or SyntaxKind.VarKeyword or SyntaxKind.RecordKeyword or SyntaxKind.WhenKeyword or SyntaxKind.WithKeyword
                or SyntaxKind.YieldKeyword or SyntaxKind.NameOfKeyword or SyntaxKind.GetKeyword or SyntaxKind.SetKeyword
                or SyntaxKind.InitKeyword or SyntaxKind.RequiredKeyword)
            .Select(SyntaxFacts.GetText)
            .Where(text => !text.StartsWith("__", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The proposals that begin with the word before the cursor, best first, and where that word starts.</summary>
    public static async Task<(IReadOnlyList<CodeProposal> Proposals, int Start)> CompleteAsync(
        Document document, int cursor, CancellationToken cancellation)
    {
        string text = (await document.GetTextAsync(cancellation)).ToString();
        int start = cursor;
        while (start > 0 && (SyntaxFacts.IsIdentifierPartCharacter(text[start - 1]) || text[start - 1] == '@'))
        {
            start--;
        }

        string word = text[start..cursor].TrimStart('@');
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation))!;
        if (IsInText(root, cursor) || (word.Length > 0 && char.IsAsciiDigit(word[0])))
        {
            return ([], start);
        }

        SemanticModel model = (await document.GetSemanticModelAsync(cancellation))!;
        IEnumerable<ISymbol> symbols = InitializedMembers(root, model, start)
            ?? await Recommender.GetRecommendedSymbolsAtPositionAsync(document, cursor, cancellationToken: cancellation);
        var proposals = symbols
            .Where(symbol => symbol.CanBeReferencedByName && symbol.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Where(symbol => !IsHidden(symbol))
            .GroupBy(symbol => (symbol.Name, KindOf(symbol)))
            .Select(group => (Proposal: Propose(group.ToArray(), model, start), Rank: RankOf(group.First())))
            .ToList();
        if (word.Length > 0 && !IsAfterDot(text, start))
        {
            proposals.AddRange(keywords
                .Where(keyword => keyword.StartsWith(word, StringComparison.Ordinal))
                .Select(keyword => (new CodeProposal(keyword, "keyword", ""), 1)));
        }

        return ([
            .. proposals
                .DistinctBy(proposal => (proposal.Proposal.Text, proposal.Proposal.Kind))
                .OrderByDescending(proposal => proposal.Proposal.Text.TrimStart('@').StartsWith(word, StringComparison.Ordinal))
                .ThenBy(proposal => proposal.Rank)
                .ThenBy(proposal => proposal.Proposal.Text, StringComparer.OrdinalIgnoreCase)
                .Take(Most)
                .Select(proposal => proposal.Proposal)], start);
    }

    private static bool IsAfterDot(string text, int start)
    {
        int before = start - 1;
        while (before >= 0 && char.IsWhiteSpace(text[before]))
        {
            before--;
        }

        return before >= 0 && text[before] == '.';
    }

    private static bool IsInText(SyntaxNode root, int cursor)
    {
        SyntaxTrivia trivia = root.FindTrivia(Math.Max(0, cursor - 1));
        SyntaxToken token = root.FindToken(Math.Max(0, cursor - 1));
        return trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.DisabledTextTrivia
            || (token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
                    or SyntaxKind.CharacterLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                    or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken
                && token.SpanStart < cursor && (cursor < token.Span.End || token.IsKind(SyntaxKind.InterpolatedStringTextToken)));
    }

    /// <summary>Inside <c>new T { … }</c>, what of T can be set and is not yet; null elsewhere.</summary>
    private static IEnumerable<ISymbol>? InitializedMembers(SyntaxNode root, SemanticModel model, int start)
    {
        SyntaxToken before = root.FindToken(Math.Max(0, start - 1));
        while (before.SpanStart >= start && before.SpanStart > 0)
        {
            before = before.GetPreviousToken();
        }

        if (!before.IsKind(SyntaxKind.OpenBraceToken) && !before.IsKind(SyntaxKind.CommaToken))
        {
            return null;
        }

        if (before.Parent is not InitializerExpressionSyntax { Parent: { } owner } initializer
            || owner is not (BaseObjectCreationExpressionSyntax or WithExpressionSyntax)
            || model.GetTypeInfo(owner).Type is not { } type)
        {
            return null;
        }

        var known = initializer.Expressions.OfType<AssignmentExpressionSyntax>().Select(set => set.Left.ToString()).ToHashSet();
        var members = model.LookupSymbols(start, type)
            .Where(member => !member.IsStatic && !known.Contains(member.Name)
                && member is IPropertySymbol { SetMethod: not null } or IFieldSymbol { IsReadOnly: false })
            .ToArray();
        return members.Length == 0 ? null : members;
    }

    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == "EditorBrowsableAttribute"
        && attribute.ConstructorArguments is [{ Value: (int)System.ComponentModel.EditorBrowsableState.Never }]);

    private static CodeProposal Propose(ISymbol[] overloads, SemanticModel model, int position)
    {
        string name = overloads[0].Name;
        string signature = overloads[0] is INamespaceOrTypeSymbol
            ? overloads[0].ToDisplayString()
            : overloads[0].ToMinimalDisplayString(model, position);
        string more = overloads.Length > 1 ? $" (+ {overloads.Length - 1} overloads)" : "";
        return new CodeProposal(
            SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name, KindOf(overloads[0]), signature + more);
    }

    private static int RankOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => 0,
        IFieldSymbol or IPropertySymbol or IEventSymbol => 0,
        IMethodSymbol { IsExtensionMethod: false } => 0,
        IMethodSymbol => 2,
        INamespaceSymbol => 3,
        _ => 2,
    };

    private static string KindOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "method",
        IPropertySymbol => "property",
        IEventSymbol => "event",
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => "enum member",
        IFieldSymbol { ContainingType.IsScriptClass: true } => "variable",
        IFieldSymbol { IsConst: true } => "constant",
        IFieldSymbol => "field",
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => "variable",
        INamespaceSymbol => "namespace",
        ITypeParameterSymbol => "type parameter",
        INamedTypeSymbol { IsRecord: true } => "record",
        INamedTypeSymbol type => type.TypeKind.ToString().ToLowerInvariant().Replace("structure", "struct", StringComparison.Ordinal),
        _ => "name",
    };
}
