using System.Diagnostics.CodeAnalysis;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Pending operations on the rows of one shape, folds of these rows among them, that run as one <see cref="RowPipeline"/>: a softmax, a
/// normalisation, and what a user composes of the same parts. Rows run along the trailing axes that the folds fold.
/// </summary>
internal sealed class RowGroup
{
    private const int MostMembers = 64;
    private const int MostSteps = 24;

    /// <summary>The cost from which what two steps need is kept for a row rather than computed twice.</summary>
    private const int RecomputeLimit = 8;

    private readonly Group group;
    private readonly Value root;
    private readonly long run;
    private readonly RowDomain domain;
    private readonly Dictionary<Value, RowMember> members = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Value> given = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, RowOperand> slots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, Storage> stored = new(ReferenceEqualityComparer.Instance);
    private readonly List<int> slotSizes = [];
    private readonly List<RowStep> steps = [];
    private readonly List<(Value Value, Operation Operation, Operand[] Leaves, string[] Names)> plan = [];
    private readonly List<Storage> read = [];

    private RowGroup(Group group, Value root, long run, RowDomain domain)
    {
        this.group = group;
        this.root = root;
        this.run = run;
        this.domain = domain;
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
        if (root.Place is not null || root.Device is not (null or CpuDevice) || RowDomain.Find(root) is not { } domain)
        {
            return false;
        }

        RowGroup rows = new(group, root, run, domain);
        if (!rows.TryCollect(out HashSet<Value>? missing))
        {
            return false;
        }

        if (missing.Count > 0)
        {
            dependencies = missing;
            return false;
        }

        group.Given = rows.given;
        try
        {
            return rows.TryEmit(root) && rows.Run();
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
        RowMember? first = domain.MemberOf(root);
        if (first is null)
        {
            return false;
        }

        Stack<RowMember> open = [];
        members.Add(root, first);
        open.Push(first);
        while (open.TryPop(out RowMember? member))
        {
            foreach (Operand input in member.Operation.Inputs)
            {
                if (domain.MemberOf(input, member) is not { } reached)
                {
                    if (input.Value.IsPending && input.Value.Operation is not ConstantOperation)
                    {
                        missing.Add(input.Value);
                    }

                    continue;
                }

                if (members.TryGetValue(input.Value, out RowMember? known))
                {
                    if (known.IsPerRow != reached.IsPerRow)
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
        return last > 1 || (last == 1 && !first.IsPerRow);
    }

    private int StepOf(RowMember member)
    {
        if (member.Step < 0)
        {
            int step = 0;
            foreach (Operand input in member.Operation.Inputs)
            {
                if (members.TryGetValue(input.Value, out RowMember? below))
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
        RowMember member = members[value];
        foreach (Value shared in SharedBelow(member))
        {
            if (!given.Contains(shared) && !TryEmit(shared))
            {
                return false;
            }
        }

        while (true)
        {
            Gather(value, member);
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

        return steps.Count < MostSteps && value.IsPending && TryAppend(value, member);
    }

    private void Gather(Value value, RowMember member)
    {
        if (member.IsFold)
        {
            group.GatherInput(member.Operation.Inputs[0], run);
        }
        else
        {
            group.GatherAlone(value, run);
        }
    }

    /// <summary>What is dear to compute and read by this member's step and by others: computed once.</summary>
    private IEnumerable<Value> SharedBelow(RowMember member)
    {
        HashSet<RowMember> seen = [];
        Stack<RowMember> open = [];
        List<Value> shared = [];
        open.Push(member);
        while (open.TryPop(out RowMember? above))
        {
            foreach (Operand input in above.Operation.Inputs)
            {
                if (members.TryGetValue(input.Value, out RowMember? below) && !below.IsFold && !below.IsPerRow && seen.Add(below))
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

    private bool TryAppend(Value value, RowMember member)
    {
        ReductionOperation? reduction = member.Operation as ReductionOperation;
        var function = KernelLauncher.Find(
            group, reduction is null ? 0 : 1 + (int)reduction.Fold, reduction?.Name, reduction?.Type ?? default);
        RowOperand[] inputs = new RowOperand[group.Leaves.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            if (TryBind(group.Leaves[index], member.IsPerRow && reduction is null) is not { } bound)
            {
                return false;
            }

            inputs[index] = bound;
        }

        Scalar[] uniforms = [.. group.Uniforms.ToArray().Select(uniform => uniform.Number.As(uniform.Type))];
        if (PlanRecorder.Current is not null)
        {
            plan.Add((value, member.Operation, group.Leaves.ToArray(), [.. group.Nodes.ToArray().Select(node => node.Operation.Name)]));
        }

        steps.Add(new RowStep(function, reduction?.Fold, inputs, [Target(value, member)], uniforms, member.IsPerRow && reduction is null));
        given.Add(value);
        return true;
    }

    /// <summary>Where a step's result goes: to memory if anyone else may want it, else to rows kept for the steps that follow.</summary>
    private RowOperand Target(Value value, RowMember member)
    {
        int size = value.DType.Size;
        if (!ReferenceEquals(value, root) && !member.IsPerRow && !group.MustStore(value))
        {
            RowOperand slot = NewSlot(value.DType);
            slots.Add(value, slot);
            return slot;
        }

        if (!stored.TryGetValue(value, out Storage? storage))
        {
            stored.Add(value, storage = Storage.Allocate(value.Layout.Shape.Count * size));
        }

        return new RowOperand(storage.Address, value.DType, member.IsPerRow ? size : size * domain.Length, member.IsPerRow ? 0 : size);
    }

    /// <summary>Rows for a value that only later steps read: the first time those of the result, which the last step overwrites in place.</summary>
    private RowOperand NewSlot(DType type)
    {
        if (slots.Count == 0 && !members[root].IsPerRow && root.DType.Size == type.Size)
        {
            Storage result = Storage.Allocate(root.Layout.Shape.Count * type.Size);
            stored.Add(root, result);
            return new RowOperand(result.Address, type, type.Size * domain.Length, type.Size);
        }

        slotSizes.Add(type.Size);
        return RowOperand.Of(slotSizes.Count - 1, type, domain.Length);
    }

    private RowOperand? TryBind(in Operand leaf, bool isPerRow)
    {
        if (slots.TryGetValue(leaf.Value, out RowOperand slot))
        {
            return slot;
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

        Shape flat = isPerRow ? Shape.Of((int)domain.Rows) : Shape.Of((int)domain.Rows, (int)domain.Length);
        if (storage is CudaStorage || leaf.Layout.Reshape(flat) is not { } layout)
        {
            return null;
        }

        int size = leaf.Value.DType.Size;
        return new RowOperand(
            storage.Address + (nint)(layout.Offset * size), leaf.Value.DType, layout.Strides[0] * size, isPerRow ? 0 : layout.Strides[1] * size);
    }

    private bool Run()
    {
        PlanRecorder? recorder = PlanRecorder.Current;
        int launches = recorder?.Begin() ?? 0;
        RowPipeline.Run(domain.Rows, domain.Length, [.. steps], [.. slotSizes]);
        GC.KeepAlive(read);
        foreach ((Value value, Storage storage) in stored)
        {
            value.Store(storage);
        }

        recorder?.EndRows(plan, launches);
        foreach (Value value in members.Keys)
        {
            if (value.IsPending)
            {
                value.DemandedBy = run;
            }
        }

        return true;
    }
}
