using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Walks over, or rebuilds, all values that the statements of a grid program use; variables and memory stay as they are.</summary>
internal sealed class GridRewriter
{
    private readonly Func<Node, Node> map;

    private GridRewriter(Func<Node, Node> map) => this.map = map;

    /// <summary>Every value that a statement or a result uses, in the order of the program.</summary>
    public static List<Node> Roots(GridProgram program)
    {
        var roots = new List<Node>();
        Rewrite(program, node =>
        {
            roots.Add(node);
            return node;
        });
        return roots;
    }

    /// <summary>The program with every value that a statement or a result uses replaced by another of its type.</summary>
    public static GridProgram Rewrite(GridProgram program, Func<Node, Node> map)
    {
        var rewriter = new GridRewriter(map);
        return new()
        {
            Name = program.Name,
            Rank = program.Rank,
            Views = program.Views,
            Uniforms = program.Uniforms,
            Captures = program.Captures,
            GroupExtents = program.GroupExtents,
            Shared = program.Shared,
            Body = rewriter.Rewrite(program.Body),
            Results = [.. program.Results.Select(map)],
            Unchecked = program.Unchecked,
        };
    }

    private Region Rewrite(Region region)
    {
        var rewritten = new Region();
        foreach (var statement in region.Statements)
        {
            rewritten.Statements.Add(Rewrite(statement));
        }

        return rewritten;
    }

    private Statement Rewrite(Statement statement) => statement switch
    {
        LetStatement let => new LetStatement(let.Result, (BinaryNode)let.Value.With([map(let.Value.Left), map(let.Value.Right)])),
        LoadStatement load => new LoadStatement(load.Result, load.Source, [.. load.Indices.Select(map)]),
        StoreStatement store => new StoreStatement(store.Target, [.. store.Indices.Select(map)], map(store.Value)),
        AtomicStatement atomic => new AtomicStatement(
            atomic.Old,
            atomic.Operation,
            atomic.Target,
            [.. atomic.Indices.Select(map)],
            map(atomic.Value),
            atomic.Comparand is { } comparand ? map(comparand) : null),
        IfStatement branch => new IfStatement(
            map(branch.Condition),
            Rewrite(branch.Then),
            Rewrite(branch.Else),
            branch.Results,
            [.. branch.ThenValues.Select(map)],
            [.. branch.ElseValues.Select(map)]),
        LoopStatement loop => new LoopStatement(
            loop.Carried,
            [.. loop.Initial.Select(map)],
            Rewrite(loop.Body),
            map(loop.Repeat),
            [.. loop.Next.Select(map)],
            loop.Results,
            [.. loop.ResultValues.Select(map)]),
        _ => statement,
    };
}
