using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>The floating-point operations of an item, as the trace and explanations give them.</summary>
internal static class GridFlops
{
    private static readonly ConditionalWeakTable<GridPlan, Entry> latest = [];

    /// <summary>As far as the code tells, whatever it is launched with.</summary>
    public static FlopCount PerItem(GridPlan plan) => FlopCounter.Of(plan.Program, plan.Placement, plan.Uniformity, _ => null);

    /// <summary>Of a launch, whose extents and integers tell how often most loops turn; remembered until one with others.</summary>
    public static FlopCount PerItem(GridPlan plan, in GridBinding binding, Extent extent)
    {
        var facts = new long[binding.FactCount];
        binding.WriteFacts(facts, extent);
        if (latest.TryGetValue(plan, out var known) && facts.AsSpan().SequenceEqual(known.Facts))
        {
            return known.Count;
        }

        var (views, uniforms) = (binding.Views, binding.Uniforms);
        int[] extents = [extent.X, extent.Y, extent.Z];
        var count = FlopCounter.Of(plan.Program, plan.Placement, plan.Uniformity, node => node switch
        {
            UniformNode uniform when !uniform.Type.IsFloatingPoint => uniforms[uniform.Index],
            LengthNode length => views[length.View.Index].Length(length.Dimension),
            IndexNode { Kind: IndexKind.Extent } index => extents[index.Axis],
            _ => default(Scalar?),
        });
        latest.AddOrUpdate(plan, new(facts, count));
        return count;
    }

    private sealed record Entry(long[] Facts, FlopCount Count);
}
