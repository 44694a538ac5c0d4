using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TensorCell.Jupyter.Pages;

/// <summary>C# coloured by the compiler's own parser: what it reads as a keyword, a type or a call is one, finished or not.</summary>
internal static class CSharpHtml
{
    private static readonly CSharpParseOptions options = new(LanguageVersion.Preview, DocumentationMode.None, SourceCodeKind.Script);

    public static string Highlight(string code)
    {
        var html = new StringBuilder(code.Length * 2);
        foreach (var token in CSharpSyntaxTree.ParseText(code, options).GetRoot().DescendantTokens())
        {
            Write(html, token.LeadingTrivia);
            Write(html, token.Text, ClassOf(token));
            Write(html, token.TrailingTrivia);
        }

        return html.ToString();
    }

    private static void Write(StringBuilder html, SyntaxTriviaList trivia)
    {
        foreach (var piece in trivia)
        {
            Write(html, piece.ToFullString(), piece.IsDirective ? "m" : IsComment(piece) ? "c" : null);
        }
    }

    private static void Write(StringBuilder html, string text, string? style)
    {
        if (text.Length > 0)
        {
            html.Append(style is null ? WebUtility.HtmlEncode(text) : $"<span class=\"{style}\">{WebUtility.HtmlEncode(text)}</span>");
        }
    }

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static string? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.Utf8StringLiteralToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedRawStringEndToken => "s",
        SyntaxKind.IdentifierToken => OfIdentifier(token),
        var kind when SyntaxFacts.IsKeywordKind(kind) => "k",
        _ => null,
    };

    private static string? OfIdentifier(SyntaxToken token)
    {
        if (token.Text is "var" or "nameof" && token.Parent is IdentifierNameSyntax)
        {
            return "k";
        }

        return token.Parent switch
        {
            BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or TypeParameterSyntax => "t",
            MethodDeclarationSyntax or LocalFunctionStatementSyntax or ConstructorDeclarationSyntax => "f",
            GenericNameSyntax name => IsCalled(name) ? "f" : "t",
            IdentifierNameSyntax name => IsCalled(name) ? "f" : IsType(name) ? "t" : null,
            _ => null,
        };
    }

    private static bool IsCalled(SimpleNameSyntax name) => name.Parent switch
    {
        InvocationExpressionSyntax invocation => invocation.Expression == name,
        MemberAccessExpressionSyntax access => access.Name == name && access.Parent is InvocationExpressionSyntax call && call.Expression == access,
        MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax } => true,
        _ => false,
    };

    // Without other cells at hand, a name with a capital before a dot is most likely a type.
    private static bool IsType(IdentifierNameSyntax name) => name.Parent switch
    {
        ObjectCreationExpressionSyntax or VariableDeclarationSyntax or ParameterSyntax or TypeArgumentListSyntax or ArrayTypeSyntax
            or NullableTypeSyntax or SimpleBaseTypeSyntax or AttributeSyntax or DeclarationPatternSyntax or TypeOfExpressionSyntax => true,
        MethodDeclarationSyntax or LocalFunctionStatementSyntax or PropertyDeclarationSyntax or ForEachStatementSyntax => true,
        CastExpressionSyntax cast => cast.Type == name,
        MemberAccessExpressionSyntax access => access.Expression == name && name.Identifier.Text is [var first, ..] && char.IsUpper(first),
        _ => false,
    };
}
