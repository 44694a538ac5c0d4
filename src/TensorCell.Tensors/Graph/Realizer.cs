namespace TensorCell.Tensors.Graph;

/// <summary>Runs what is pending: gathers groups from the demanded value downwards and runs them from the bottom up.</summary>
internal sealed class Realizer
{
    private static long lastRun;

    [ThreadStatic]
    private static Realizer? idle;

    private readonly Stack<Value> demanded = [];
    private readonly Group group = new();
    private readonly KernelLauncher launcher = new();

    /// <summary>Makes sure that the value is stored, and returns its storage.</summary>
    /// <exception cref="ObjectDisposedException">It, or something it needs, was returned to the pool.</exception>
    public static Storage Realize(Value value)
    {
        if (value.Storage is not { } storage)
        {
            Demand(value, Interlocked.Increment(ref lastRun));
            storage = value.Storage!;
        }

        if (storage.IsDisposed)
        {
            Throw.Disposed();
        }

        return storage;
    }

    /// <summary>Makes sure that all are stored; what several of them need is computed once.</summary>
    public static void RealizeAll(ReadOnlySpan<Value> values)
    {
        MarkShared(values, Interlocked.Increment(ref lastRun));
        long run = Interlocked.Increment(ref lastRun);
        foreach (Value value in values)
        {
            if (value.IsPending)
            {
                Demand(value, run);
            }
        }
    }

    private static void Demand(Value value, long run)
    {
        // Taken away while it works: a listener of the trace may read another tensor in the middle of it.
        Realizer realizer = idle ?? new Realizer();
        idle = null;
        try
        {
            realizer.Run(value, run);
        }
        finally
        {
            realizer.demanded.Clear();
            realizer.group.Clear();
            realizer.launcher.Clear();
            idle = realizer;
        }
    }

    /// <summary>Marks as demanded what more than one of the values needs, so that the first kernel to compute it stores it.</summary>
    private static void MarkShared(ReadOnlySpan<Value> values, long run)
    {
        if (values.Length < 2)
        {
            return;
        }

        Dictionary<Value, Value> seenFrom = new(ReferenceEqualityComparer.Instance);
        Stack<Value> open = [];
        foreach (Value root in values)
        {
            if (!seenFrom.TryAdd(root, root))
            {
                // It will be stored on the way to another root, and what is below it is needed only once.
                root.DemandedBy = run;
                continue;
            }

            open.Push(root);
            while (open.TryPop(out Value? value))
            {
                if (value.Operation is not { } operation)
                {
                    continue;
                }

                foreach (ref readonly Operand input in operation.Inputs.AsSpan())
                {
                    if (seenFrom.TryAdd(input.Value, root))
                    {
                        open.Push(input.Value);
                    }
                    else if (!ReferenceEquals(seenFrom[input.Value], root))
                    {
                        input.Value.DemandedBy = run;
                    }
                }
            }
        }
    }

    private void Run(Value root, long run)
    {
        demanded.Push(root);
        while (demanded.TryPeek(out Value? value))
        {
            if (value.Operation is not { } operation)
            {
                demanded.Pop();
                continue;
            }

            // What is needed inside a kernel's own run, as by a listener of the trace, waits for no one.
            bool isClaimed = !StorageAccess.IsHeld && value.TryClaim();
            if (!isClaimed && !StorageAccess.IsHeld)
            {
                value.Await();
                continue;
            }

            try
            {
                using StorageAccess access = value.Place is null ? StorageAccess.Read() : StorageAccess.Write();
                using UnfinishedStorage unfinished = UnfinishedStorage.Begin();
                Advance(value, operation, run);
                unfinished.Finish();
            }
            finally
            {
                if (isClaimed)
                {
                    value.Release();
                }
            }
        }
    }

    /// <summary>Computes the topmost demanded value, or demands what it needs first.</summary>
    private void Advance(Value value, Operation operation, long run)
    {
        if (!value.IsPending)
        {
            demanded.Pop();
            return;
        }

        if (operation is ElementwiseOperation or ReductionOperation)
        {
            if (FoldGroup.TryRun(group, value, run, out IReadOnlyCollection<Value> needed))
            {
                demanded.Pop();
                return;
            }

            if (needed.Count > 0)
            {
                DemandAll(needed);
                return;
            }
        }

        switch (operation)
        {
            case ElementwiseOperation:
                group.GatherStored(value, run);
                break;
            case ReductionOperation reduction:
                group.GatherInput(reduction.Inputs[0], run);
                break;
            default:
                group.GatherInputs(operation.Inputs);
                break;
        }

        if (group.Dependencies.Count > 0)
        {
            IReadOnlyCollection<Value> first = [];
            if (operation is ElementwiseOperation && ProductGroup.TryRun(group, value, run, out first))
            {
                demanded.Pop();
                return;
            }

            if (operation is ElementwiseOperation && first.Count == 0)
            {
                // What was tried may have left the group gathered for something else.
                group.GatherStored(value, run);
            }

            DemandAll(first.Count > 0 ? first : group.Dependencies);
            return;
        }

        if (operation is ElementwiseOperation && group.Nodes.IsEmpty)
        {
            // Another thread stored it meanwhile, on the way to something else.
            return;
        }

        PlanRecorder? recorder = PlanRecorder.Current;
        int launches = recorder?.Begin() ?? 0;
        Compute(value, operation);
        recorder?.End(group, value, operation, launches);
        foreach (ref readonly Group.Node node in group.Nodes)
        {
            if (node.Value.IsPending)
            {
                node.Value.DemandedBy = run;
            }
        }

        demanded.Pop();
    }

    private void DemandAll(IReadOnlyCollection<Value> values)
    {
        foreach (Value value in values)
        {
            demanded.Push(value);
        }
    }

    private void Compute(Value value, Operation operation)
    {
        try
        {
            switch (operation)
            {
                case ElementwiseOperation:
                    launcher.RunElementwise(group);
                    break;
                case ReductionOperation reduction:
                    value.Store(launcher.RunReduction(group, reduction, value));
                    break;
                default:
                    value.Store(operation.RunTraced(value));
                    break;
            }
        }
        catch (DivideByZeroException error)
        {
            throw new DivideByZeroException(
                $"{operation.Name} of shape {value.Layout.Shape}: an integer was divided by zero", error);
        }
    }
}
