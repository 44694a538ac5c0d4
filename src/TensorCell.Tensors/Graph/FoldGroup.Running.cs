using TensorCell.Kernels;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

// Where operands lie, and the launch.
internal sealed partial class FoldGroup
{
    /// <summary>Runs the steps, if operands lie so that the pipeline reaches them.</summary>
    private bool TryRun()
    {
        long[] lengths = [.. shape.Shape.Select(length => (long)length)];
        IEnumerable<Operand> leaves = drafts.Where(draft => !draft.IsPerKept).SelectMany(draft => draft.Leaves).Where(leaf => !slots.ContainsKey(leaf.Value));
        if (shape.Levels.Cut(lengths, leaves.Select(leaf => leaf.Layout.Strides)) is not { } cut)
        {
            return false;
        }

        DomainStep[] steps = new DomainStep[drafts.Count];
        for (int index = 0; index < steps.Length; index++)
        {
            if (Bind(drafts[index], cut.Domain, cut.Levels, lengths) is not { } step)
            {
                return false;
            }

            steps[index] = step;
        }

        PlanRecorder? recorder = PlanRecorder.Current;
        int launches = recorder?.Begin() ?? 0;
        FoldPipeline.Run(cut.Domain, steps, [.. slots.OrderBy(slot => slot.Value).Select(slot => slot.Key.DType.Size)]);
        GC.KeepAlive(read);
        foreach ((Value value, Storage storage) in stored)
        {
            value.Store(storage);
        }

        recorder?.EndPipeline(drafts, launches);
        foreach (Value value in members.Keys)
        {
            if (value.IsPending)
            {
                value.DemandedBy = run;
            }
        }

        return true;
    }

    private DomainStep? Bind(FoldDraft draft, FoldDomain domain, DomainLevels levels, long[] lengths)
    {
        DomainOperand[] inputs = new DomainOperand[draft.Leaves.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            Operand leaf = draft.Leaves[index];
            if (BindLeaf(leaf, draft.IsPerKept, domain, levels, lengths) is not { } bound || (draft.Fold is not null && !domain.IsEvenWithin(bound.Strides)))
            {
                return null;
            }

            inputs[index] = bound;
        }

        DomainOperand? target = draft.Stored is { } value ? Target(value, draft.IsPerKept, domain) : null;
        DomainOperand folded = draft.Folded is { } result ? Target(result, isPerKept: true, domain) : default;
        return new DomainStep(draft.Function, inputs, draft.Uniforms, target, draft.Fold?.Fold, folded, draft.IsPerKept);
    }

    private DomainOperand? BindLeaf(in Operand leaf, bool isPerKept, FoldDomain domain, DomainLevels levels, long[] lengths)
    {
        if (slots.TryGetValue(leaf.Value, out int slot))
        {
            return new DomainOperand(0, leaf.Value.DType, default, slot);
        }

        if (!stored.TryGetValue(leaf.Value, out Storage? storage))
        {
            storage = leaf.Value.Storage!;
            if (storage.IsDisposed)
            {
                Throw.Disposed();
            }

            read.Add(storage);
        }

        int size = leaf.Value.DType.Size;
        if (storage is CudaStorage || Strides(leaf.Layout, isPerKept, size, domain, levels, lengths) is not { } strides)
        {
            return null;
        }

        return new DomainOperand(storage.Address + (nint)(leaf.Layout.Offset * size), leaf.Value.DType, strides);
    }

    private static DomainStrides? Strides(Layout layout, bool isPerKept, int size, FoldDomain domain, DomainLevels levels, long[] lengths)
    {
        if (!isPerKept)
        {
            return levels.Strides(lengths, layout.ByteStrides(size), isOutput: false);
        }

        Shape kept = Shape.Of((int)domain.Lengths.Outer, (int)domain.Lengths.Group, (int)domain.Lengths.Kept);
        return layout.Reshape(kept)?.ByteStrides(size) is { } strides ? new DomainStrides(strides[0], 0, strides[1], strides[2], 0, 0) : null;
    }

    private DomainOperand Target(Value value, bool isPerKept, FoldDomain domain)
    {
        if (slots.TryGetValue(value, out int slot))
        {
            return new DomainOperand(0, value.DType, default, slot);
        }

        int size = value.DType.Size;
        if (!stored.TryGetValue(value, out Storage? storage))
        {
            stored.Add(value, storage = Storage.Allocate(value.Layout.Shape.Count * size));
        }

        return new DomainOperand(storage.Address, value.DType, domain.RowMajor(size, isPerKept));
    }
}
