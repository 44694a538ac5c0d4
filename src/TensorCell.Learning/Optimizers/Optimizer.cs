using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Learning;

/// <summary>
/// Changes parameters step by step so that a loss falls: <c>loss.Backward(); optimizer.Step(); optimizer.ZeroGrad();</c>. A <see cref="Trainer"/>
/// does this by itself.
/// </summary>
/// <remarks>
/// All that a step changes is computed together, each parameter with its state in one kernel, in the memory that it has. Numbers such as the
/// learning rate are arguments of those kernels and may change at every step.
/// </remarks>
public abstract class Optimizer
{
    private readonly Tensor[] parameters;
    private readonly long[] steps;
    private readonly OrderedDictionary<string, Tensor[]> slots = [];

    /// <summary>An optimizer of parameters.</summary>
    /// <param name="parameters">What it changes: tensors that require gradients, or frozen ones, which it leaves as they are.</param>
    /// <param name="learningRate">How far a step goes.</param>
    /// <param name="slots">The names of the tensors that it keeps for each parameter, which begin as zeros.</param>
    /// <exception cref="ArgumentException">There are no parameters, or a number is negative.</exception>
    protected Optimizer(IEnumerable<Tensor> parameters, double learningRate, params ReadOnlySpan<string> slots)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        HashSet<Tensor> seen = new(ReferenceEqualityComparer.Instance);
        this.parameters = [.. parameters.Where(seen.Add)];
        if (this.parameters.Length == 0)
        {
            Throw.Argument($"{GetType().Name}: no parameters given; use model.Parameters()");
        }

        Tensor.RealizeAll(this.parameters);
        steps = new long[this.parameters.Length];
        LearningRate = learningRate;
        foreach (string slot in slots)
        {
            this.slots.Add(slot, [.. this.parameters.Select(parameter => Tensor.ZerosLike(parameter).Realize())]);
        }
    }

    /// <summary>What it changes, each once.</summary>
    public IReadOnlyList<Tensor> Parameters => parameters;

    /// <summary>How far a step goes; may be set at any time.</summary>
    /// <exception cref="ArgumentException">Set to a negative number or NaN.</exception>
    public double LearningRate
    {
        get;
        set => field = NotNegative("learning rate", value);
    }

    /// <summary>How many steps were made.</summary>
    public long StepCount { get; private set; }

    /// <summary>Forgets the gradients of the parameters.</summary>
    public void ZeroGrad()
    {
        foreach (Tensor parameter in parameters)
        {
            parameter.Grad = null;
        }
    }

    /// <summary>Changes each parameter that has a gradient.</summary>
    public void Step()
    {
        Tensor?[] gradients = [.. parameters.Select(parameter => parameter.Grad)];
        Step(gradients);
    }

    /// <summary>Changes each parameter by the gradient given for it.</summary>
    /// <param name="gradients">One for each of <see cref="Parameters"/>, of its shape; a parameter with null stays as it is.</param>
    /// <exception cref="ArgumentException">There are more or fewer gradients than parameters.</exception>
    public void Step(ReadOnlySpan<Tensor?> gradients)
    {
        // A gradient may be computed from parameters, and is to be what it was if it is read after these have changed.
        Tensor[] given = new Tensor[gradients.Length];
        int count = 0;
        foreach (Tensor? gradient in gradients)
        {
            if (gradient is not null)
            {
                given[count++] = gradient;
            }
        }

        Tensor.RealizeAll(given.AsSpan(0, count));
        StepFused(gradients);
    }

    /// <summary>As <see cref="Step(ReadOnlySpan{Tensor?})"/>, with gradients that nobody reads afterwards: pending ones are computed on the way.</summary>
    internal void StepFused(ReadOnlySpan<Tensor?> gradients)
    {
        if (gradients.Length != parameters.Length)
        {
            Throw.Argument($"{GetType().Name}: {gradients.Length} gradients for {parameters.Length} parameters");
        }

        // What is left of the step's graph would count as readers of what it changed, and keep the next one from changing it in place.
        using TapeScope untracked = Tensor.NoGrad();
        using TensorScope scope = Tensor.Scope(endsPending: true);
        StepUpdate update = new();
        for (int index = 0; index < gradients.Length; index++)
        {
            if (gradients[index] is { } gradient && parameters[index].RequiresGrad)
            {
                Update(update, index, parameters[index], gradient, steps[index] + 1);
            }
        }

        update.Run();
        for (int index = 0; index < gradients.Length; index++)
        {
            steps[index] += gradients[index] is not null && parameters[index].RequiresGrad ? 1 : 0;
        }

        StepCount++;
    }

    /// <summary>What it keeps beside the parameters, by name, such as <c>exp_avg.0</c>; and <c>steps</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDictionary()
    {
        OrderedDictionary<string, Tensor> state = new() { ["steps"] = Tensor.From((long[])[StepCount, .. steps]) };
        foreach ((string slot, Tensor[] tensors) in slots)
        {
            for (int index = 0; index < tensors.Length; index++)
            {
                state.Add($"{slot}.{index}", tensors[index]);
            }
        }

        return state;
    }

    /// <summary>Takes over what another optimizer of such parameters kept, so that it goes on exactly as that would have.</summary>
    /// <param name="state">What its <see cref="StateDictionary"/> returned.</param>
    /// <exception cref="ArgumentException">The state is not that of such an optimizer. Nothing was changed then.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        RequireFitting(state);
        long[] counts = state["steps"].To(Kernels.DType.Int64).ToArray<long>();
        StepCount = counts[0];
        counts.AsSpan(1).CopyTo(steps);
        using TapeScope untracked = Tensor.NoGrad();
        foreach ((string slot, Tensor[] tensors) in slots)
        {
            for (int index = 0; index < tensors.Length; index++)
            {
                tensors[index].CopyFrom(state[$"{slot}.{index}"]);
            }
        }
    }

    /// <summary>Refuses the state of another optimizer.</summary>
    internal void RequireFitting(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach ((string name, Tensor tensor) in StateDictionary())
        {
            if (!state.TryGetValue(name, out Tensor? given) || given.Shape != tensor.Shape)
            {
                Throw.Argument(
                    $"{GetType().Name}: the state to load has {(given is null ? "no " + name : $"{name} of shape {given.Shape}, needed is {tensor.Shape}")}; "
                    + "it belongs to another optimizer or to other parameters");
            }
        }
    }

    /// <summary>
    /// Says what a step makes of a parameter and of what is kept for it. Nothing is computed here; only what is assigned outlives the step.
    /// </summary>
    /// <param name="update">Takes what is to be assigned.</param>
    /// <param name="index">Which parameter; for <see cref="Slot"/>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="step">The number of this step for this parameter, from 1.</param>
    protected abstract void Update(StepUpdate update, int index, Tensor parameter, Tensor gradient, long step);

    /// <summary>A tensor that is kept for a parameter.</summary>
    /// <param name="name">Its name, as given to the constructor.</param>
    /// <param name="index">Which parameter.</param>
    protected Tensor Slot(string name, int index) => slots[name][index];

    /// <summary>Refuses a negative number.</summary>
    private protected double NotNegative(string name, double value)
    {
        if (!(value >= 0))
        {
            Throw.Argument($"{GetType().Name}: the {name} is {value}; it must not be negative");
        }

        return value;
    }

    /// <summary>Refuses a number that is not from 0 up to 1.</summary>
    private protected double Fraction(string name, double value)
    {
        if (!(value >= 0 && value < 1))
        {
            Throw.Argument($"{GetType().Name}: {name} is {value}; it must be at least 0 and below 1");
        }

        return value;
    }
}
