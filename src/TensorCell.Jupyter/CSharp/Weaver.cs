using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TensorCell.Jupyter.CSharp;

/// <summary>
/// Makes a cell interruptible: adds a check to every loop and every function, guards awaits, and turns a request to exit the
/// process into an exception. Only inserts text, never a line break, so that every line keeps its number; expression trees
/// stay as they are.
/// </summary>
internal sealed class Weaver : CSharpSyntaxWalker
{
    private const string Check = "global::TensorCell.Kernels.Interruption.Check();";
    private const string Enter = "global::TensorCell.Kernels.Interruption.Enter();";
    private const string EnterAsync = "global::TensorCell.Kernels.Interruption.EnterAsync();";
    private const string Guard = "global::TensorCell.Jupyter.CSharp.CellAwait.Guard(";
    private const string Exit = "global::TensorCell.Jupyter.CSharp.CellExit.";

    private readonly SemanticModel model;
    private readonly CancellationToken cancellation;
    private readonly List<(int Position, int Length, string Text)> edits = [];

    private Weaver(SemanticModel model, CancellationToken cancellation)
    {
        this.model = model;
        this.cancellation = cancellation;
    }

    /// <summary>Whether a cell has anything to weave; most short ones have not.</summary>
    public static bool Concerns(SyntaxNode root) =>
        root.DescendantNodes().Any(node =>
            node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax
                or GotoStatementSyntax or AwaitExpressionSyntax or AnonymousFunctionExpressionSyntax
                or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax
                or AccessorDeclarationSyntax
            || (node is IdentifierNameSyntax name && IsExit(name)));

    /// <summary>The cell's text with its checks.</summary>
    public static string Weave(SemanticModel model, CancellationToken cancellation)
    {
        var weaver = new Weaver(model, cancellation);
        SyntaxNode root = model.SyntaxTree.GetRoot(cancellation);
        weaver.Visit(root);
        return weaver.Apply(root.ToFullString());
    }

    /// <inheritdoc/>
    public override void VisitWhileStatement(WhileStatementSyntax node) => WeaveLoop(node, node.Statement);

    /// <inheritdoc/>
    public override void VisitDoStatement(DoStatementSyntax node) => WeaveLoop(node, node.Statement);

    /// <inheritdoc/>
    public override void VisitForStatement(ForStatementSyntax node) => WeaveLoop(node, node.Statement);

    /// <inheritdoc/>
    public override void VisitForEachStatement(ForEachStatementSyntax node) => WeaveLoop(node, node.Statement);

    /// <inheritdoc/>
    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node) => WeaveLoop(node, node.Statement);

    /// <inheritdoc/>
    public override void VisitGotoStatement(GotoStatementSyntax node)
    {
        Insert(node.SpanStart, "{" + Check);
        base.VisitGotoStatement(node);
        Insert(node.Span.End, "}");
    }

    /// <inheritdoc/>
    public override void VisitMethodDeclaration(MethodDeclarationSyntax node) =>
        WeaveMember(node, node.Body, node.ExpressionBody, node.SemicolonToken);

    /// <inheritdoc/>
    public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
        WeaveMember(node, node.Body, node.ExpressionBody, node.SemicolonToken);

    /// <inheritdoc/>
    public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) =>
        WeaveMember(node, node.Body, node.ExpressionBody, node.SemicolonToken);

    /// <inheritdoc/>
    public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        // An exception in a static constructor would make its type unusable for good.
        if (node.Modifiers.Any(SyntaxKind.StaticKeyword))
        {
            base.VisitConstructorDeclaration(node);
        }
        else
        {
            WeaveMember(node, node.Body, node.ExpressionBody, node.SemicolonToken);
        }
    }

    /// <inheritdoc/>
    public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node) =>
        WeaveMember(node, node.Body, node.ExpressionBody, node.SemicolonToken);

    /// <inheritdoc/>
    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) =>
        WeaveMember(node, node.Body, node.ExpressionBody, node.SemicolonToken);

    /// <inheritdoc/>
    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        Visit(node.AccessorList);
        Visit(node.Initializer);
        WeaveGetter(node.ExpressionBody, node.SemicolonToken);
    }

    /// <inheritdoc/>
    public override void VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        Visit(node.AccessorList);
        WeaveGetter(node.ExpressionBody, node.SemicolonToken);
    }

    /// <inheritdoc/>
    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => WeaveAnonymous(node);

    /// <inheritdoc/>
    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => WeaveAnonymous(node);

    /// <inheritdoc/>
    public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => WeaveAnonymous(node);

    /// <inheritdoc/>
    public override void VisitQueryExpression(QueryExpressionSyntax node)
    {
        bool isExpressionTree = node.DescendantNodes().Any(clause =>
            clause switch
            {
                QueryClauseSyntax query => TakesExpression(model.GetQueryClauseInfo(query, cancellation).OperationInfo.Symbol),
                SelectOrGroupClauseSyntax or OrderingSyntax => TakesExpression(model.GetSymbolInfo(clause, cancellation).Symbol),
                _ => false,
            });
        if (!isExpressionTree)
        {
            base.VisitQueryExpression(node);
        }
    }

    /// <inheritdoc/>
    public override void VisitAwaitExpression(AwaitExpressionSyntax node)
    {
        bool isTask = model.GetTypeInfo(node.Expression, cancellation).Type is INamedTypeSymbol
        {
            Name: "Task" or "ValueTask", ContainingNamespace: { } space,
        }
        && space.ToDisplayString() == "System.Threading.Tasks";
        if (isTask)
        {
            Insert(node.Expression.SpanStart, Guard);
        }

        base.VisitAwaitExpression(node);
        if (isTask)
        {
            Insert(node.Expression.Span.End, ")");
        }
    }

    /// <inheritdoc/>
    public override void VisitIdentifierName(IdentifierNameSyntax node)
    {
        ExpressionSyntax whole = node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? access : node;
        if (IsExit(node)
            && model.GetSymbolInfo(whole, cancellation).Symbol is IMethodSymbol { ContainingType: { Name: "Environment" } type }
            && type.ContainingNamespace.ToDisplayString() == "System")
        {
            string lines = new('\n', whole.ToString().Count(character => character == '\n'));
            edits.Add((whole.SpanStart, whole.Span.Length, Exit + node.Identifier.ValueText + lines));
        }
    }

    private static bool IsExit(IdentifierNameSyntax name) => name.Identifier.ValueText is "Exit" or "FailFast";

    private static bool TakesExpression(ISymbol? symbol) =>
        symbol is IMethodSymbol method && method.Parameters.Any(parameter => IsExpression(parameter.Type));

    private static bool IsExpression(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "Expression" && type.ContainingNamespace?.ToDisplayString() == "System.Linq.Expressions")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A function that calls nothing cannot recurse, so it needs no look at the stack. Properties, operators and overrides are
    /// called without looking so, and always take it.
    /// </summary>
    private static string EntryOf(SyntaxNode function, SyntaxNode body) =>
        IsAsync(function) ? EnterAsync
        : function is BasePropertyDeclarationSyntax or AccessorDeclarationSyntax or OperatorDeclarationSyntax
            or ConversionOperatorDeclarationSyntax
        || (function is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.OverrideKeyword))
        || body.DescendantNodesAndSelf().Any(node => node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax
            or InterpolatedStringExpressionSyntax or CommonForEachStatementSyntax)
            ? Enter : Check;

    private static bool IsAsync(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax anonymous => anonymous.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    private static bool HasNoResult(IMethodSymbol? method) =>
        method is null || method.ReturnsVoid
        || (method.IsAsync && method.ReturnType is INamedTypeSymbol { Arity: 0 });

    private void WeaveLoop(SyntaxNode loop, StatementSyntax body)
    {
        cancellation.ThrowIfCancellationRequested();

        if (body is BlockSyntax block)
        {
            Insert(block.OpenBraceToken.Span.End, Check);
            DefaultVisit(loop);
        }
        else if (body is LocalDeclarationStatementSyntax or LabeledStatementSyntax or LocalFunctionStatementSyntax)
        {
            // These may not be embedded: braces would hide the error.
            DefaultVisit(loop);
        }
        else
        {
            Insert(body.SpanStart, "{" + Check);
            DefaultVisit(loop);
            Insert(body.Span.End, "}");
        }
    }

    private void WeaveMember(SyntaxNode member, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon)
    {
        if (body is not null)
        {
            Insert(body.OpenBraceToken.Span.End, EntryOf(member, body));
            DefaultVisit(member);
        }
        else if (arrow is not null)
        {
            WeaveArrow(member, arrow, semicolon, HasNoResult(model.GetDeclaredSymbol(member, cancellation) as IMethodSymbol), "{", "}");
        }
        else
        {
            DefaultVisit(member);
        }
    }

    private void WeaveGetter(ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon)
    {
        if (arrow is not null)
        {
            WeaveArrow(arrow.Parent!, arrow, semicolon, false, "{get{", "}}");
        }
    }

    private void WeaveArrow(
        SyntaxNode member, ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool hasNoResult, string open, string close)
    {
        edits.Add((arrow.ArrowToken.SpanStart, arrow.ArrowToken.Span.Length, open + EntryOf(member, arrow.Expression)));
        Insert(arrow.Expression.SpanStart, Return(arrow.Expression, hasNoResult));
        Visit(arrow.Expression);
        Insert(semicolon.Span.End, close);
    }

    private void WeaveAnonymous(AnonymousFunctionExpressionSyntax function)
    {
        if (IsExpression(model.GetTypeInfo(function, cancellation).ConvertedType))
        {
            return;
        }

        if (function.Body is BlockSyntax block)
        {
            Insert(block.OpenBraceToken.Span.End, EntryOf(function, block));
            Visit(block);
        }
        else if (function.ExpressionBody is { } expression
            && model.GetSymbolInfo(function, cancellation).Symbol is IMethodSymbol method)
        {
            Insert(expression.SpanStart, "{" + EntryOf(function, expression) + Return(expression, HasNoResult(method)));
            Visit(expression);
            Insert(expression.Span.End, ";}");
        }
    }

    private static string Return(ExpressionSyntax expression, bool hasNoResult) =>
        hasNoResult || expression is ThrowExpressionSyntax ? "" : "return ";

    private void Insert(int position, string text) => edits.Add((position, 0, text));

    private string Apply(string source)
    {
        var text = new StringBuilder(source.Length + (edits.Count * 48));
        int position = 0;
        foreach ((int start, int length, string insertion) in edits.OrderBy(edit => edit.Position))
        {
            text.Append(source, position, start - position).Append(insertion);
            position = start + length;
        }

        return text.Append(source, position, source.Length - position).ToString();
    }
}
