using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Recognises kernels in which every item reads its own element of some views and writes its own element of another,
/// <c>y[i] = f(a[i], b[i])</c>, over any number of axes: those are functions of single elements.
/// </summary>
internal sealed class ElementwiseForm : GridRewriter
{
    private readonly int rank;
    private readonly HashSet<Node> ownIndices = new(ReferenceEqualityComparer.Instance);
    private bool isElementwise = true;

    private ElementwiseForm(int rank, Func<MemoryOperand, MemoryOperand> memory)
        : base(memory: memory) => this.rank = rank;

    /// <summary>
    /// The program over one axis that returns what the kernel stores, its first views the ones that are read; null if the kernel is not
    /// elementwise. The uniforms stay.
    /// </summary>
    public static GridProgram? Of(GridProgram program)
    {
        // What an expression lambda returns beside is the value that it stores.
        if (!program.GroupExtents.IsEmpty || program.Body.Statements is not [.., StoreStatement { Target: ViewOperand output } store]
            || !IndexNode.AreOwn(store.Indices, program.Rank) || output.Capture is not null)
        {
            return null;
        }

        var kept = program.Views.Where(view => view != output).Select((view, i) => new ViewOperand(
            i, view.Name, view.Storage, view.Capture is null ? 1 : view.Rank, view.Capture)).ToImmutableArray();
        ViewOperand Renewed(ViewOperand view) => kept[view.Index - (view.Index > output.Index ? 1 : 0)];
        var form = new ElementwiseForm(program.Rank, operand => operand is ViewOperand view && view != output ? Renewed(view) : operand);
        var body = new Region();
        foreach (var statement in program.Body.Statements.SkipLast(1))
        {
            form.Append(statement, body);
        }

        var result = form.Rewrite(store.Value);
        var renewed = program with { Rank = 1, Views = kept, Body = body, Results = [result] };
        var values = renewed.Roots.ToHashSet<Node>(ReferenceEqualityComparer.Instance);
        values.ExceptWith(form.ownIndices);
        return form.isElementwise && NodeOrder.Of([.. values]).All(node => node is not (IndexNode or LengthNode)) ? renewed : null;
    }

    /// <inheritdoc/>
    protected override void Append(Statement statement, Region target)
    {
        switch (statement)
        {
            case LoadStatement { Source: ViewOperand { Capture: null } } load:
                isElementwise &= IndexNode.AreOwn(load.Indices, rank);
                var own = new IndexNode(IndexKind.Global, 0);
                ownIndices.Add(own);
                base.Append(new LoadStatement(load.Result, load.Source, [own]), target);
                break;
            case StoreStatement or AtomicStatement or BarrierStatement:
                isElementwise = false;
                break;
            default:
                base.Append(statement, target);
                break;
        }
    }
}
