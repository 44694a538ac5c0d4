using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>A kernel function as a grid program: the two innermost dimensions run along X and Y, all others together along Z.</summary>
internal static class FlatProgram
{
    /// <summary>
    /// The program for operands of a rank. Its views are the inputs and outputs as lines of elements, its uniforms those of the function, then
    /// the lengths of the dimensions that share Z but the first, then for each operand its strides, in elements.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="rank">How many dimensions there are.</param>
    public static GridProgram Of(KernelFunction function, int rank)
    {
        var region = new Region();
        var uniforms = function.Uniforms.ToList();
        var access = new StridedAccess(region, uniforms);
        var coordinates = new Node[rank];
        for (var d = Math.Max(0, rank - 2); d < rank; d++)
        {
            coordinates[d] = new IndexNode(IndexKind.Global, rank - 1 - d);
        }

        if (rank > 2)
        {
            access.Coordinates(new IndexNode(IndexKind.Global, 2), rank - 2).CopyTo(coordinates, 0);
        }

        var views = new List<ViewOperand>();
        var arguments = new List<Node>();
        foreach (var type in function.Parameters)
        {
            var view = new ViewOperand(views.Count, $"input {views.Count}", StorageTypes.Of(type), 1);
            var value = new VariableNode(view.Storage.Computed);
            views.Add(view);
            arguments.Add(value);
            region.Statements.Add(new LoadStatement(value, view, [access.Place(coordinates)]));
        }

        Node[] given = [.. function.Uniforms.Select((type, i) => Node.Uniform(i, type))];
        foreach (var (result, type) in function.Inline([.. arguments], given).Zip(function.ResultTypes))
        {
            var view = new ViewOperand(views.Count, $"output {views.Count - function.Parameters.Length}", StorageTypes.Of(type), 1);
            views.Add(view);
            region.Statements.Add(new StoreStatement(view, [access.Place(coordinates)], result));
        }

        return new()
        {
            Name = function.Name,
            Rank = Math.Min(rank, 3),
            Views = [.. views],
            Uniforms = [.. uniforms],
            Body = region,
            Unchecked = true,
        };
    }
}
