using System.Diagnostics.CodeAnalysis;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Pending operations on one shape, folds along some of its axes among them, that run as one <see cref="FoldPipeline"/>: a softmax, a normalisation,
/// and what a user composes of the same parts.
/// </summary>
internal sealed partial class FoldGroup
{
    private const int MostMembers = 64;
    private const int MostSteps = 24;

    /// <summary>The cost from which what two steps need is kept for them rather than computed twice.</summary>
    private const int RecomputeLimit = 8;

    private readonly Group group;
    private readonly Value root;
    private readonly long run;
    private readonly FoldShape shape;
    private readonly Dictionary<Value, FoldMember> members = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Value> given = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, int> slots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, Storage> stored = new(ReferenceEqualityComparer.Instance);
    private readonly List<FoldDraft> drafts = [];
    private readonly List<Storage> read = [];

    private FoldGroup(Group group, Value root, long run, FoldShape shape)
    {
        this.group = group;
        this.root = root;
        this.run = run;
        this.shape = shape;
    }

    /// <summary>Runs what leads to a value as one pipeline, if it is of that kind and all it reads is stored.</summary>
    /// <param name="group">For gathering; left in any state.</param>
    /// <param name="root">A pending value of an elementwise operation or a reduction.</param>
    /// <param name="run">The run that demands it.</param>
    /// <param name="dependencies">What has to be stored before; empty if nothing has, or if this is no such value.</param>
    /// <returns>Whether the value is stored now.</returns>
    public static bool TryRun(Group group, Value root, long run, out IReadOnlyCollection<Value> dependencies)
    {
        dependencies = [];
        if (root.Place is not null || root.Device is not (null or CpuDevice) || FoldShape.Find(root) is not { } shape)
        {
            return false;
        }

        FoldGroup folds = new(group, root, run, shape);
        if (!folds.TryCollect(out HashSet<Value>? missing))
        {
            return false;
        }

        if (missing.Count > 0)
        {
            dependencies = missing;
            return false;
        }

        group.Given = folds.given;
        try
        {
            return folds.TryEmit(root) && folds.TryRun();
        }
        finally
        {
            group.Given = null;
        }
    }

    /// <summary>Finds the members from the root downwards, and what they read that is pending and no member.</summary>
    private bool TryCollect([NotNullWhen(true)] out HashSet<Value>? missing)
    {
        missing = new(ReferenceEqualityComparer.Instance);
        FoldMember? first = shape.MemberOf(root);
        if (first is null)
        {
            return false;
        }

        Stack<FoldMember> open = [];
        members.Add(root, first);
        open.Push(first);
        while (open.TryPop(out FoldMember? member))
        {
            foreach (Operand input in member.Operation.Inputs)
            {
                if (shape.MemberOf(input, member) is not { } reached)
                {
                    if (input.Value.IsPending && input.Value.Operation is not ConstantOperation)
                    {
                        missing.Add(input.Value);
                    }

                    continue;
                }

                if (members.TryGetValue(input.Value, out FoldMember? known))
                {
                    if (known.IsPerKept != reached.IsPerKept)
                    {
                        return false;
                    }

                    reached = known;
                }
                else
                {
                    if (members.Count == MostMembers)
                    {
                        return false;
                    }

                    members.Add(input.Value, reached);
                    open.Push(reached);
                }

                reached.Readers.Add(member);
            }
        }

        // A fold alone is a reduction like any other.
        int last = StepOf(first);
        return last > 1 || (last == 1 && (first.IsFold || !first.IsPerKept));
    }

    private int StepOf(FoldMember member)
    {
        if (member.Step < 0)
        {
            int step = 0;
            foreach (Operand input in member.Operation.Inputs)
            {
                if (members.TryGetValue(input.Value, out FoldMember? below))
                {
                    step = Math.Max(step, StepOf(below) + (below.IsFold ? 1 : 0));
                }
            }

            member.Step = step;
        }

        return member.Step;
    }

    /// <summary>Adds the steps that compute a member, those of what it needs first.</summary>
    private bool TryEmit(Value value)
    {
        FoldMember member = members[value];
        foreach (Value shared in SharedBelow(member))
        {
            if (!given.Contains(shared) && !TryEmit(shared))
            {
                return false;
            }
        }

        FoldMember? fold = FoldOf(member);
        while (true)
        {
            Gather(member);
            Value[] needed = [.. group.Dependencies];
            if (needed.Length == 0)
            {
                break;
            }

            foreach (Value dependency in needed)
            {
                if (!members.ContainsKey(dependency) || (!given.Contains(dependency) && !TryEmit(dependency)))
                {
                    return false;
                }
            }
        }

        return Append(member, fold);
    }

    private void Gather(FoldMember member)
    {
        if (member.Operation is ReductionOperation reduction)
        {
            group.GatherInput(reduction.Inputs[0], run);
        }
        else
        {
            group.GatherAlone(member.Value, run);
        }
    }

    /// <summary>A fold of what a member computes as it is, which the same step may do.</summary>
    private FoldMember? FoldOf(FoldMember member) => member.IsPerKept ? null : member.Readers.Find(
        reader => reader.Operation is ReductionOperation reduction && reduction.Type == member.Value.DType && !given.Contains(reader.Value));

    /// <summary>What is dear to compute and read by this member's step and by others: computed once.</summary>
    private IEnumerable<Value> SharedBelow(FoldMember member)
    {
        HashSet<FoldMember> seen = [];
        Stack<FoldMember> open = [];
        List<Value> shared = [];
        open.Push(member);
        while (open.TryPop(out FoldMember? above))
        {
            foreach (Operand input in above.Operation.Inputs)
            {
                if (members.TryGetValue(input.Value, out FoldMember? below) && !below.IsFold && !below.IsPerKept && seen.Add(below))
                {
                    open.Push(below);
                    if (input.Value.Cost > RecomputeLimit && below.Readers.Select(reader => reader.Step).Distinct().Count() > 1)
                    {
                        shared.Add(input.Value);
                    }
                }
            }
        }

        shared.Reverse();
        return shared;
    }

    private bool Append(FoldMember member, FoldMember? foldOf)
    {
        if (drafts.Count == MostSteps || !member.Value.IsPending)
        {
            return false;
        }

        FoldMember? fold = member.IsFold ? member : foldOf;
        ReductionOperation? reduction = fold?.Operation as ReductionOperation;
        KernelFunction function = KernelLauncher.Find(
            group, reduction is null ? 0 : 1 + (int)reduction.Fold, reduction?.Name, reduction?.Type ?? default);
        drafts.Add(new FoldDraft(
            function,
            group.Leaves.ToArray(),
            [.. group.Uniforms.ToArray().Select(uniform => uniform.Number.As(uniform.Type))],
            member.IsFold ? null : member.Value,
            fold?.Value,
            reduction,
            member.IsPerKept && fold is null,
            [.. group.Nodes.ToArray().Select(node => node.Operation.Name)]));
        given.Add(member.Value);
        if (fold is not null)
        {
            given.Add(fold.Value);
        }

        // To memory if anyone else may want it, else to what is kept for the steps that follow.
        if (!ReferenceEquals(member.Value, root) && !member.IsPerKept && !group.MustStore(member.Value))
        {
            slots.Add(member.Value, slots.Count);
        }

        return true;
    }
}
