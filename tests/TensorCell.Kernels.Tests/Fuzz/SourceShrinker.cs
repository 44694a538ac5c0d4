using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Takes away from a failing kernel what it fails without.</summary>
internal static class SourceShrinker
{
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("TENSORCELL_FUZZ_SHRINK") ?? "5", null));

    private static readonly string[] ownPlaces = ["i", "i.X", "i.Y", "i.Z", "x", "y", "z", "t", "g.Local.X", "g.Local.Y", "g.Global.X", "g.Global.Y", "g.Global.Z"];

    /// <summary>A smaller kernel that is wrong in the same way.</summary>
    public static FuzzKernel Shrink(FuzzKernel kernel, OptimizationLevel level, int seed, string kind)
    {
        var began = DateTime.UtcNow;
        for (var place = 0; DateTime.UtcNow - began < limit;)
        {
            var root = CSharpSyntaxTree.ParseText(kernel.Source).GetRoot();
            var nodes = root.DescendantNodes().Where(IsSpare).OrderByDescending(node => node.Span.Length).ToList();
            if (place >= nodes.Count)
            {
                return kernel;
            }

            var smaller = Candidates(nodes[place])
                .Select(replacement => kernel with { Source = (replacement is null ? root.RemoveNode(nodes[place], SyntaxRemoveOptions.KeepNoTrivia)! : root.ReplaceNode(nodes[place], replacement)).ToFullString() })
                .FirstOrDefault(candidate => candidate.Source.Length < kernel.Source.Length && IsWrong(candidate, level, seed, kind));
            if (smaller is null)
            {
                place++;
            }
            else
            {
                kernel = smaller;
            }
        }

        return kernel;
    }

    // What makes loops end stays.
    private static bool IsSpare(SyntaxNode node) =>
        node is (StatementSyntax or ExpressionSyntax or MemberDeclarationSyntax or ElseClauseSyntax or SwitchSectionSyntax or SwitchExpressionArmSyntax)
            and not (TypeSyntax or LiteralExpressionSyntax)
        && (node is ExpressionSyntax ? !IsOfLoop(node) : !node.ToString().Contains("fuel", StringComparison.Ordinal))
        // Nor does an item write what is another's.
        && !(node.Parent is ArgumentSyntax { Parent: BracketedArgumentListSyntax } && ownPlaces.Contains(node.ToString()))
        && !(node.ToString() is "i" or "g" or "g.Local" or "g.Global" && node.Parent is MemberAccessExpressionSyntax)
        // Without a barrier, or shared memory's first content, what items do depends on their order.
        && !(node.ToString() is var text && (text.Contains("Barrier", StringComparison.Ordinal) || text.Contains("inside", StringComparison.Ordinal)))
        && !node.AncestorsAndSelf().Any(one => one is ForStatementSyntax && one.ToString().StartsWith("for (int k ", StringComparison.Ordinal))
        && !(node.Parent is IfStatementSyntax end && end.Condition.ToString().StartsWith("fuel", StringComparison.Ordinal));

    private static bool IsOfLoop(SyntaxNode node) => node.AncestorsAndSelf().Any(one =>
        one.Parent is ForStatementSyntax loop && one != loop.Statement
        || one.Parent is WhileStatementSyntax turn && one != turn.Statement
        || one.Parent is DoStatementSyntax last && one != last.Statement
        || one is StatementSyntax statement and not BlockSyntax && statement.ToString().StartsWith("if (fuel", StringComparison.Ordinal));

    private static IEnumerable<SyntaxNode?> Candidates(SyntaxNode node) => node switch
    {
        BlockSyntax block => block.Parent is BlockSyntax or SwitchSectionSyntax ? [SyntaxFactory.EmptyStatement()] : [],
        IfStatementSyntax branch => [SyntaxFactory.EmptyStatement(), branch.Statement],
        ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax => [SyntaxFactory.EmptyStatement()],
        StatementSyntax => [SyntaxFactory.EmptyStatement()],
        ElseClauseSyntax or SwitchSectionSyntax or SwitchExpressionArmSyntax => [null],
        MemberDeclarationSyntax member => member is MethodDeclarationSyntax { Identifier.Text: "Kernel" } or ClassDeclarationSyntax ? [] : [null],
        _ => [SyntaxFactory.ParseExpression(" 1"), .. node.ChildNodes().OfType<ExpressionSyntax>().Where(child => child is not TypeSyntax || child is IdentifierNameSyntax)],
    };

    private static bool IsWrong(FuzzKernel kernel, OptimizationLevel level, int seed, string kind)
    {
        using var assembly = FuzzAssembly.Compile([kernel], level, out _);
        return assembly is not null && FuzzCheck.Check(assembly, kernel, seed) is { } wrong && FuzzCheck.Kind(wrong) == kind;
    }
}
