using System.Diagnostics;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>Records what a thread's <see cref="Realizer"/> runs, for a <see cref="LaunchPlan"/>.</summary>
internal sealed class PlanRecorder
{
    [ThreadStatic]
    private static PlanRecorder? current;

    private readonly IReadOnlyList<(KernelFunction Function, IEmittedLoop Loop)> launches;
    private readonly Dictionary<Value, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, int> makers = new(ReferenceEqualityComparer.Instance);
    private readonly List<Recorded> steps = [];
    private int omitted;
    private int pipelines;

    private PlanRecorder(IReadOnlyList<(KernelFunction Function, IEmittedLoop Loop)> launches) => this.launches = launches;

    /// <summary>The recorder of this thread; null where nobody wants to know.</summary>
    public static PlanRecorder? Current => current;

    /// <summary>Runs something and returns what was realised meanwhile.</summary>
    public static LaunchPlan Record(Action run)
    {
        LaunchPlan? plan = null;
        LaunchLog.Listen(launches =>
        {
            PlanRecorder? before = current;
            PlanRecorder recorder = current = new PlanRecorder(launches);
            long start = Stopwatch.GetTimestamp();
            TimeSpan elapsed;
            try
            {
                run();
            }
            finally
            {
                current = before;
                elapsed = Stopwatch.GetElapsedTime(start);
            }

            plan = recorder.Plan() with { Elapsed = elapsed };
        });
        return plan!;
    }

    /// <summary>How many launches there were before a step.</summary>
    public int Begin() => launches.Count;

    /// <summary>Takes a step that has just run.</summary>
    /// <param name="group">Its group, which still holds what it read.</param>
    /// <param name="value">What was demanded.</param>
    /// <param name="operation">The operation that made it.</param>
    /// <param name="firstLaunch">What <see cref="Begin"/> gave before it.</param>
    public void End(Group group, Value value, Operation operation, int firstLaunch)
    {
        if (steps.Count == LaunchPlan.MaximumSteps)
        {
            omitted++;
            return;
        }

        bool isGroup = operation is ElementwiseOperation or ReductionOperation;
        List<string> operations = [];
        List<LaunchValue> outputs = [];
        LaunchValue[] inputs = isGroup
            ? [.. group.Leaves.ToArray().Select(leaf => Refer(leaf.Value))]
            : [.. operation.Inputs.Select(input => Refer(input.Value)).DistinctBy(input => input.Number)];
        if (isGroup)
        {
            foreach (ref readonly Group.Node node in group.Nodes)
            {
                operations.Add(node.Operation.Name);
            }
        }

        if (operation is ElementwiseOperation)
        {
            foreach (int output in group.Outputs)
            {
                outputs.Add(Store(group.Nodes[output].Value));
            }
        }
        else
        {
            operations.Add(operation.Name);
            outputs.Add(Store(value));
        }

        (KernelFunction Function, IEmittedLoop Loop)[] ran = [.. launches.Skip(firstLaunch).Distinct()];
        string name = isGroup && ran.Length > 0 ? ran[0].Function.Name : operation.Name;
        steps.Add(new Recorded(name, operations, inputs, outputs, ran, (operation as ReductionOperation)?.Fold));
    }

    /// <summary>Takes a product that has just run with the operations it took along.</summary>
    /// <param name="group">The group of the operations.</param>
    /// <param name="product">The product.</param>
    /// <param name="operation">The operation that made it.</param>
    /// <param name="firstLaunch">What <see cref="Begin"/> gave before it.</param>
    public void EndProduct(Group group, Value product, Operation operation, int firstLaunch)
    {
        if (steps.Count == LaunchPlan.MaximumSteps)
        {
            omitted++;
            return;
        }

        LaunchValue[] inputs =
        [
            .. operation.Inputs.Select(input => input.Value).Concat(group.Leaves.ToArray().Select(leaf => leaf.Value).Where(value => !ReferenceEquals(value, product)))
                .Select(Refer).DistinctBy(input => input.Number),
        ];
        List<string> operations = [operation.Name, .. group.Nodes.ToArray().Select(node => node.Operation.Name)];
        List<LaunchValue> outputs = [.. group.Outputs.ToArray().Select(output => Store(group.Nodes[output].Value))];
        if (!product.IsPending)
        {
            outputs.Add(Store(product));
        }

        (KernelFunction Function, IEmittedLoop Loop)[] ran = [.. launches.Skip(firstLaunch).Distinct()];
        string name = ran.Length > 0 ? $"{operation.Name} {ran[0].Function.Name}" : operation.Name;
        steps.Add(new Recorded(name, operations, inputs, outputs, ran, null));
    }

    /// <summary>Takes the steps of a pipeline that has just run.</summary>
    /// <param name="drafts">The steps.</param>
    /// <param name="firstLaunch">What <see cref="Begin"/> gave before them.</param>
    public void EndPipeline(IReadOnlyList<FoldDraft> drafts, int firstLaunch)
    {
        for (int index = 0; index < drafts.Count; index++)
        {
            if (steps.Count == LaunchPlan.MaximumSteps)
            {
                omitted++;
                continue;
            }

            FoldDraft draft = drafts[index];
            LaunchValue[] inputs = [.. draft.Leaves.Select(leaf => Refer(leaf.Value))];
            List<string> operations = draft.Fold is null ? [.. draft.Names] : [.. draft.Names, draft.Fold.Name];
            (KernelFunction, IEmittedLoop)[] ran = firstLaunch + index < launches.Count ? [launches[firstLaunch + index]] : [];
            string name = ran.Length > 0 ? ran[0].Item1.Name : operations[^1];
            steps.Add(new Recorded(name, operations, inputs, [.. draft.Results.Select(Store)], ran, draft.Fold?.Fold) { Pipeline = pipelines });
        }

        pipelines++;
    }

    private LaunchPlan Plan()
    {
        Dictionary<(KernelFunction Function, IEmittedLoop Loop), KernelExplanation> explained = [];
        return new LaunchPlan([.. steps.Select(step => new LaunchStep(step.Name, step.Operations, step.Inputs, step.Outputs, Explain(step)) { Pipeline = step.Pipeline })])
        {
            Omitted = omitted,
        };

        KernelExplanation? Explain(Recorded step)
        {
            if (step.Launches.Length == 0)
            {
                return null;
            }

            if (!explained.TryGetValue(step.Launches[0], out KernelExplanation? explanation))
            {
                KernelFunction function = step.Launches[0].Function;
                explanation = function.Explain([.. step.Launches.Where(launch => launch.Function == function).Select(launch => launch.Loop)], step.Fold);
                explained.Add(step.Launches[0], explanation);
            }

            return explanation;
        }
    }

    private LaunchValue Refer(Value value)
    {
        if (!numbers.TryGetValue(value, out int number))
        {
            numbers.Add(value, number = numbers.Count);
        }

        return new LaunchValue(number, makers.TryGetValue(value, out int step) ? step : null, value.Layout.Shape, value.DType);
    }

    private LaunchValue Store(Value value)
    {
        makers[value] = steps.Count;
        return Refer(value);
    }

    private sealed record Recorded(
        string Name,
        List<string> Operations,
        LaunchValue[] Inputs,
        List<LaunchValue> Outputs,
        (KernelFunction Function, IEmittedLoop Loop)[] Launches,
        ReduceOperation? Fold)
    {
        public int? Pipeline { get; init; }
    }
}
