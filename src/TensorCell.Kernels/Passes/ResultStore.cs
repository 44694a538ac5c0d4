using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Makes a program that returns a number for each item of one axis store it in a view.</summary>
internal static class ResultStore
{
    /// <summary>The program with the view of its result behind the views that a launch gives.</summary>
    public static GridProgram Of(GridProgram program)
    {
        var result = program.Results[0];
        var given = program.Views.Count(view => view.Capture is null);
        var output = new ViewOperand(given, "result", StorageTypes.Of(result.Type), 1);
        var views = program.Views.Select(view => view.Index < given ? view : view.At(view.Index + 1)).ToArray();
        var rewriter = new GridRewriter(memory: operand => operand is ViewOperand view ? views[view.Index] : operand);
        var body = rewriter.Rewrite(program.Body);
        body.Statements.Add(new StoreStatement(output, [new IndexNode(IndexKind.Global, 0)], rewriter.Rewrite(result)));
        return program with { Views = [.. views[..given], output, .. views[given..]], Body = body, Results = [] };
    }
}
