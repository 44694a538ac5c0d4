using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Ptx;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>What a kernel compiles to.</summary>
public sealed unsafe partial class GridKernel : IExplained
{
    /// <inheritdoc/>
    public KernelExplanation Explain()
    {
        // A kernel that stores is launched for what it stores; what its items return is left.
        var isAsked = !program.Results.IsEmpty && !stored.Contains(true);
        var asked = isAsked ? program : ResultViews.Without(program);
        var present = Version(isAsked);
        var codes = present.Codes;
        if (codes.Count == 0)
        {
            // As for views whose elements follow one another.
            codes = [new GridCode(present.Program, present.Bits, [.. program.Views.Select(view => view.Rank - 1)], new HashSet<Statement>(), new HashSet<Node>(), GridLayout.MostItems)];
        }

        foreach (var code in codes.Where(code => !code.Loops.Any()))
        {
            _ = code.Plan.Groups is null ? code.Wide : code.Narrow;
        }

        return new(Name, asked.ToString())
        {
            OptimizedIr = present.Program.ToString() is var text && text == asked.ToString() ? "" : text,
            Code = [.. codes.SelectMany(code => code.Loops).Select(loop => MachineCode.Of(Name, loop)).OfType<MachineCode>()],
            Ptx = PtxText.Of(present.Program),
            Facts = [.. FactsOf(codes[^1])],
        };
    }

    /// <summary>The textual form of what is compiled.</summary>
    public override string ToString() => program.ToString();

    private static IEnumerable<(string Name, string Value)> FactsOf(GridCode code)
    {
        var accesses = code.Plan.Accesses.ToArray();
        yield return ("operations", $"{code.Operations} on vectors of {code.Plan.Lanes} items, those of loops counted once; {code.Copies} vectors in flight");
        yield return ("values alive at once", $"{code.Pressure} at most");
        var item = GridFlops.PerItem(code.Plan);
        yield return ("arithmetic", FormattableString.Invariant($"{item.Flops:0.##} FLOP per item{(item.IsLeast ? ", at least: loops whose turns the code does not tell counted once" : "")}"));
        yield return (
            "memory",
            $"{Count(GridAccessKind.Contiguous)} accesses of neighbours, {Count(GridAccessKind.Scattered)} of elements apart, "
            + $"{Count(GridAccessKind.Uniform)} of one element for all; {accesses.Count(access => access.IsChecked)} of {accesses.Length} checked");

        int Count(GridAccessKind kind) => accesses.Count(access => access.Kind == kind);
    }
}
