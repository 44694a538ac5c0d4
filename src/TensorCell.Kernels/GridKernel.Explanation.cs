using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>What a kernel compiles to.</summary>
public sealed unsafe partial class GridKernel : IExplained
{
    /// <inheritdoc/>
    public KernelExplanation Explain()
    {
        var version = Version(withResults: versionWithResults is not null && this.version is null);
        IReadOnlyList<GridCode> codes = version.Codes is { Count: > 0 } launched ? launched : [version.Usual()];
        foreach (var code in codes.Where(code => !code.Loops.Any()))
        {
            _ = code.Plan.Groups is null ? code.Wide : code.Narrow;
        }

        return new(Name, program.ToString())
        {
            OptimizedIr = version.Program.ToString(),
            Code = [.. codes.SelectMany(code => code.Loops).Select(loop => MachineCode.Of(Name, loop)).OfType<MachineCode>()],
            Facts =
            [
                ("operations", $"{codes[0].Operations} on vectors of {codes[0].Plan.Lanes} items, {codes[0].Copies} in flight"),
                ("values alive at once", $"{codes[0].Pressure} at most"),
                ("arithmetic", FormattableString.Invariant($"{codes[0].Plan.FlopsPerItem:0.##} FLOP per item{(codes[0].Plan.HasLoops ? ", loops counted once" : "")}")),
            ],
        };
    }

    /// <inheritdoc/>
    public override string ToString() => program.ToString();
}
