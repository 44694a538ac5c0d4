using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Programs that store what their items return to views of the shape of the index space, which follow the program's own.</summary>
internal static class ResultViews
{
    private static readonly ConditionalWeakTable<GridProgram, GridProgram> known = [];
    private static readonly ConditionalWeakTable<GridProgram, GridProgram> bare = [];

    /// <summary>The program with its results stored; remembered with it.</summary>
    public static GridProgram Of(GridProgram program) => known.GetValue(program, Store);

    /// <summary>The program with its results left; remembered with it.</summary>
    public static GridProgram Without(GridProgram program) =>
        program.Results.IsEmpty ? program : bare.GetValue(program, static program => program with { Results = [] });

    private static GridProgram Store(GridProgram program)
    {
        var views = program.Views.ToList();
        var body = new Region();
        body.Statements.AddRange(program.Body.Statements);
        var stores = new Region();
        Node[] axes = [.. Enumerable.Range(0, program.Rank).Reverse().Select(axis => new IndexNode(IndexKind.Global, axis))];
        foreach (var result in program.Results)
        {
            views.Add(new(views.Count, "result", StorageTypes.Of(result.Type), program.Rank));
            stores.Statements.Add(new StoreStatement(views[^1], [.. axes], result));
        }

        if (program.GroupExtents.IsEmpty)
        {
            body.Statements.AddRange(stores.Statements);
        }
        else
        {
            // The last groups may reach beyond the space.
            var isWithin = axes.Select(axis => Node.Compare(Comparison.Less, axis, new IndexNode(IndexKind.Extent, ((IndexNode)axis).Axis)));
            body.Statements.Add(new IfStatement(
                isWithin.Aggregate((left, right) => Node.Binary(BinaryOperation.And, left, right)), stores, new Region(), [], [], []));
        }

        return program with { Views = [.. views], Body = body, Results = [] };
    }
}
