using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Frontend;

/// <summary>A method that computes a number from its parameters, as it was read.</summary>
/// <param name="name">Its name.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="body">Its statements; empty where it neither branches around memory nor divides nor loops.</param>
/// <param name="result">The number, in terms of the parameters and of what the statements define.</param>
/// <param name="views">The arrays and views that it captures.</param>
/// <param name="captures">The numbers that it captures.</param>
internal sealed class ElementwiseMethod(
    string name, (string Name, DType Type)[] parameters, Region body, Node result, IReadOnlyList<ViewOperand> views, IReadOnlyCollection<Capture> captures)
{
    /// <summary>It as a function of single elements, which fuses with others; null if it loops or reads captured arrays.</summary>
    public KernelFunction? Flat { get; } = Flattening.Flatten(body, [result]) is [var flat]
        ? KernelFunction.CreateCapturing(name, [.. parameters.Select(parameter => parameter.Type)], captures, flat)
        : null;

    /// <summary>
    /// It as a program over one axis: its parameters are views of rank one, read at the item's index, and the item's result is the number.
    /// </summary>
    public GridProgram ToProgram()
    {
        var inputs = parameters.Select((parameter, i) => new ViewOperand(i, parameter.Name, StorageTypes.Of(parameter.Type), 1)).ToArray();
        var captured = views.Select(view => view.At(view.Index + inputs.Length)).ToArray();
        var loads = inputs.Select(view => new VariableNode(view.Storage.Computed, view.Name)).ToArray();
        var rewriter = new GridRewriter(
            node => node is ParameterNode parameter ? loads[parameter.Index] : node,
            operand => operand is ViewOperand view ? captured[view.Index] : operand);
        var items = new Region();
        items.Statements.AddRange(inputs.Select((view, i) => new LoadStatement(loads[i], view, [new IndexNode(IndexKind.Global, 0)])));
        rewriter.Append(body, items);
        return GridOptimizer.Tidy(new()
        {
            Name = name,
            Rank = 1,
            Views = [.. inputs, .. captured],
            Uniforms = [.. captures.Select(capture => capture.Type)],
            Captures = [.. captures],
            Body = items,
            Results = [rewriter.Rewrite(result)],
        });
    }
}
