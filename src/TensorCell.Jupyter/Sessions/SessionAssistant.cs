using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TensorCell.Interactive;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Packages;

namespace TensorCell.Jupyter.Sessions;

/// <summary>Helps a session's user to write cells: completion, inspection, and whether a cell is complete.</summary>
internal sealed class SessionAssistant(CSharpSession csharp, MagicRegistry magics, INotebook notebook) : IDisposable
{
    private const int MostOverloads = 12;
    private const int LongestValue = 1000;

    private readonly CodeWorkspace workspace = new();

    /// <summary>What could stand at an offset of a cell.</summary>
    public async Task<CompletionResult> CompleteAsync(string code, int cursor, CancellationToken cancellation)
    {
        cursor = Math.Clamp(cursor, 0, code.Length);
        if (magics.Complete(code, cursor, notebook) is { } magic)
        {
            return new CompletionResult(
                [.. magic.Items.Select(item => new CompletionItem(item.Text, item.Kind, item.Description))], magic.Start, magic.End);
        }

        if (!IsInCSharp(code, cursor))
        {
            return new CompletionResult([], cursor, cursor);
        }

        (IReadOnlyList<CodeProposal> proposals, int start) =
            await CodeCompleter.CompleteAsync(Open(code), cursor, cancellation);
        return new CompletionResult(
            [.. proposals.Select(proposal => new CompletionItem(proposal.Text, proposal.Kind, proposal.Signature))], start, cursor);
    }

    /// <summary>Describes what stands at an offset of a cell; null when there is nothing to tell.</summary>
    public async Task<MimeBundle?> InspectAsync(string code, int cursor, int detail, CancellationToken cancellation)
    {
        cursor = Math.Clamp(cursor, 0, code.Length);
        if (magics.Describe(code, cursor) is { } help)
        {
            return help;
        }

        IReadOnlyList<ISymbol> symbols = IsInCSharp(code, cursor)
            ? await CodeInspector.FindAsync(Open(code), cursor, cancellation) : [];
        if (symbols.Count == 0)
        {
            return null;
        }

        SymbolDocumentation documentation = SymbolDocumentation.Of(symbols[0], cancellation);
        var text = new StringBuilder(
            string.Join('\n', symbols.Take(detail > 0 ? symbols.Count : MostOverloads).Select(CodeInspector.SignatureOf)));
        string signatures = text.ToString();
        if (ValueOf(symbols[0]) is { } value)
        {
            text.Append("\n\nValue: ").Append(value);
        }

        if (documentation.Summary.Length > 0)
        {
            text.Append("\n\n").Append(documentation.Summary);
        }

        foreach ((string name, string about) in documentation.Parameters.Where(parameter => parameter.Text.Length > 0))
        {
            text.Append("\n  ").Append(name).Append(": ").Append(about);
        }

        if (documentation.Returns.Length > 0)
        {
            text.Append("\nReturns: ").Append(documentation.Returns);
        }

        foreach ((string type, string about) in detail > 0 ? documentation.Exceptions : [])
        {
            text.Append('\n').Append(type).Append(": ").Append(about);
        }

        string rest = text.ToString()[signatures.Length..].Trim('\n');
        return MimeBundle.Html(
            $"<pre><code>{WebUtility.HtmlEncode(signatures)}</code></pre><pre>{WebUtility.HtmlEncode(rest)}</pre>", text.ToString());
    }

    /// <summary>Whether the code can run as it stands.</summary>
    public Completeness IsComplete(string code)
    {
        SyntaxTree tree = SubmissionCompiler.Parse(OnlyCSharp(code), "", CancellationToken.None);
        if (SyntaxFactory.IsCompleteSubmission(tree))
        {
            return tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                ? Completeness.Invalid : Completeness.Complete;
        }

        int depth = 0;
        foreach (SyntaxToken token in tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing))
        {
            depth += token.Kind() switch
            {
                SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken => 1,
                SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken => -1,
                _ => 0,
            };
        }

        return new Completeness("incomplete", new string(' ', 4 * Math.Max(0, depth)));
    }

    /// <inheritdoc/>
    public void Dispose() => workspace.Dispose();

    private Document Open(string code) => workspace.Open(OnlyCSharp(code), csharp.NextOptions(), csharp.Last);

    private bool IsInCSharp(string code, int cursor) =>
        CellSplitter.Split(code, magics).LastOrDefault(segment => segment.Start <= cursor)
            is not MagicSegment { Body: not null } magic || cursor < magic.BodyStart || CSharpText.IsOf(magic);

    /// <summary>What of a cell the compiler is to see, every offset as it was.</summary>
    private string OnlyCSharp(string code)
    {
        string text = CSharpText.Of(code, magics);
        return PackageDirectives.BlankAll(text);
    }

    private string? ValueOf(ISymbol symbol)
    {
        if (symbol is not IFieldSymbol { ContainingType.IsScriptClass: true } || csharp.Find(symbol.Name) is not { } variable)
        {
            return null;
        }

        string value = MimeBundles.Of(variable.Value).Data["text/plain"];
        return value.Length <= LongestValue ? value : value[..LongestValue] + " …";
    }
}
