using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Learning;

/// <summary>
/// A function with state that can be trained. Derive from it, keep parameters and other modules in fields, properties, lists or dictionaries, and
/// compute in <see cref="Forward"/>; call it as <c>model[x]</c>.
/// </summary>
/// <remarks>
/// <para>What is found: modules; tensors made by <see cref="Parameter"/> or whose <see cref="Tensor.RequiresGrad"/> was set; tensors made by
/// <see cref="Buffer"/>. Other tensors are no state.</para>
/// <para>What it is called: the member's name in the style of PyTorch (<c>hiddenLayer</c>, <c>_hiddenLayer</c> and <c>HiddenLayer</c> become
/// <c>hidden_layer</c>), the index in a list, the key in a dictionary, joined by dots: <c>layers.0.weight</c>. <see cref="StateNameAttribute"/>
/// gives a member another name. A parameter or module found at several places has the first one's name.</para>
/// </remarks>
/// <example><code>
/// class Net : Module
/// {
///     private readonly Linear hidden = new(2, 16), output = new(16, 2);
///     public override Tensor Forward(Tensor x) => output[hidden[x].Relu()];
/// }
/// </code></example>
public abstract class Module
{
    /// <summary>What it computes.</summary>
    /// <param name="input">Its input; most modules take any leading axes as a batch.</param>
    public abstract Tensor Forward(Tensor input);

    /// <summary>What it computes, as <see cref="Forward"/>; also notes the shapes, which a summary then shows.</summary>
    public Tensor this[Tensor input]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(input);
            Tensor output = Forward(input) ?? Throw.Invalid<Tensor>($"{GetType().Name}: Forward returned null");
            LastInputShape = input.Shape;
            LastOutputShape = output.Shape;
            return output;
        }
    }

    /// <summary>What it computes in use: as after <see cref="Eval"/>, without a tape, at once; memory of what was computed on the way goes back to the pool.</summary>
    /// <param name="input">Its input.</param>
    /// <returns>The output, stored; it has no gradient.</returns>
    public Tensor Predict(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        input.Realize();
        using EvaluationScope evaluation = InUse();
        using TapeScope untracked = Tensor.NoGrad();
        using TensorScope scope = Tensor.Scope();
        return scope.Keep(this[input]);
    }

    /// <summary>Whether modules that behave differently in training, such as a dropout, are to do so.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Number of elements of all parameters; shared ones count once.</summary>
    public long ParameterCount => Parameters().Sum(parameter => parameter.Count);

    /// <summary>Bytes of all parameters and buffers.</summary>
    public long ByteSize => State().Tensors.Sum(found => found.Tensor.ByteSize);

    /// <summary>The shape that it was given last by the indexer, if it was called.</summary>
    internal Shape? LastInputShape { get; private set; }

    /// <summary>The shape that it returned last by the indexer, if it was called.</summary>
    internal Shape? LastOutputShape { get; private set; }

    /// <summary>All parameters, its own and its modules', each once; those that are frozen too.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(named => named.Tensor);

    /// <summary>All parameters with their names, in the order of declaration; fields come before properties.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedParameters() =>
        State().Tensors.Where(found => !found.IsBuffer).Select(found => (found.Name, found.Tensor));

    /// <summary>All state that is not trained, with names.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedBuffers() =>
        State().Tensors.Where(found => found.IsBuffer).Select(found => (found.Name, found.Tensor));

    /// <summary>This module and all it consists of, each once.</summary>
    public IEnumerable<Module> Modules() => NamedModules().Select(named => named.Module);

    /// <summary>This module, whose name is empty, and all it consists of, with names.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() => State().Modules.Select(found => (found.Name, found.Module));

    /// <summary>Parameters and buffers by name, the tensors themselves: what a file of weights holds.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDictionary()
    {
        OrderedDictionary<string, Tensor> tensors = [];
        foreach (ModuleState.FoundTensor found in State().Tensors)
        {
            tensors.Add(found.Name, found.Tensor);
        }

        return tensors;
    }

    /// <summary>Takes over the elements of tensors with the names of <see cref="StateDictionary"/>, converted to the types that this module has.</summary>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="strict">Whether each name must be there and be known; else what fits is taken.</param>
    /// <exception cref="ArgumentException">Names are missing or unknown, or shapes differ. Nothing was changed then.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> tensors, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        State().Load(GetType().Name, tensors, strict);
    }

    /// <summary>Writes parameters and buffers to a safetensors file, all or nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metadata">Notes that travel with them.</param>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) => SafeTensors.Save(path, StateDictionary(), metadata);

    /// <summary>Takes over parameters and buffers from a safetensors file, as <see cref="LoadState"/>.</summary>
    /// <returns>This module.</returns>
    /// <exception cref="InvalidDataException">The file is not a sound safetensors file.</exception>
    /// <exception cref="ArgumentException">Names are missing or unknown, or shapes differ. Nothing was changed then.</exception>
    public Module Load(string path, bool strict = true)
    {
        LoadState(SafeTensors.Load(path), strict);
        return this;
    }

    /// <summary>Has this module and all it consists of behave as in training.</summary>
    /// <returns>This module.</returns>
    public Module Train() => SetTrainingOfAll(true);

    /// <summary>Has this module and all it consists of behave as in use.</summary>
    /// <returns>This module.</returns>
    public Module Eval() => SetTrainingOfAll(false);

    /// <summary>Has this module and all it consists of behave as in use until the scope is disposed; then as before.</summary>
    public EvaluationScope InUse() => new(this);

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (Tensor parameter in Parameters())
        {
            parameter.Grad = null;
        }
    }

    /// <summary>Keeps all parameters as they are: no gradients are found for them any more. They stay parameters.</summary>
    /// <returns>This module.</returns>
    public Module Freeze() => SetTrainable(false);

    /// <summary>Has all parameters trained again.</summary>
    /// <returns>This module.</returns>
    public Module Unfreeze() => SetTrainable(true);

    /// <summary>Converts all floating-point parameters and buffers; they stay the same objects.</summary>
    /// <returns>This module.</returns>
    /// <exception cref="ArgumentException">The type is not a floating-point type.</exception>
    public Module To(DType dtype)
    {
        if (!dtype.IsFloatingPoint)
        {
            Throw.Argument($"to: a module's parameters are floating-point numbers; {dtype.Name} is not such a type");
        }

        foreach (ModuleState.FoundTensor found in State().Tensors)
        {
            if (found.Tensor.DType.IsFloatingPoint)
            {
                found.Tensor.ChangeType(dtype);
                found.Tensor.Grad = null;
            }
        }

        return this;
    }

    /// <summary>Layers, shapes and sizes as a table.</summary>
    /// <param name="inputShape">
    /// The shape of an input, from which the output shapes of all layers follow; nothing is computed for it. Without it, the shapes are those of the
    /// last call.
    /// </param>
    public ModuleSummary Summary(Shape? inputShape = null)
    {
        if (inputShape is { } shape)
        {
            using TensorScope scope = Tensor.Scope(endsPending: true);
            using (Tensor.NoGrad())
            {
                _ = this[Tensor.Zeros(shape)];
            }
        }

        return ModuleSummary.Of(this);
    }

    /// <summary>The kind of module: the name of its class, where a class does not say more.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Sets <see cref="IsTraining"/> of this module alone.</summary>
    internal void SetTraining(bool isTraining) => IsTraining = isTraining;

    /// <summary>Makes a tensor a parameter: it gets a gradient, and is found by <see cref="Parameters"/> where a field holds it.</summary>
    /// <param name="initial">Its first elements; copied if they are a view or were computed from other parameters.</param>
    protected static Tensor Parameter(Tensor initial)
    {
        Tensor parameter = Own(initial);
        parameter.RequiresGrad = true;
        ModuleState.MarkParameter(parameter);
        return parameter;
    }

    /// <summary>Makes a tensor state that is saved but not trained, such as a running mean; assign to it by <see cref="Tensor.Assign"/>.</summary>
    /// <param name="initial">Its first elements; copied if they are a view or were computed from parameters.</param>
    protected static Tensor Buffer(Tensor initial)
    {
        Tensor buffer = Own(initial);
        ModuleState.MarkBuffer(buffer);
        return buffer;
    }

    private static Tensor Own(Tensor initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        return initial.IsView || initial.RequiresGrad ? initial.Detach().Clone() : initial.Realize();
    }

    private ModuleState State() => ModuleState.Of(this);

    private Module SetTrainingOfAll(bool isTraining)
    {
        foreach (Module module in Modules())
        {
            module.SetTraining(isTraining);
        }

        return this;
    }

    private Module SetTrainable(bool isTrainable)
    {
        foreach (Tensor parameter in Parameters())
        {
            ModuleState.MarkParameter(parameter);
            parameter.RequiresGrad = isTrainable;
            parameter.Grad = isTrainable ? parameter.Grad : null;
        }

        return this;
    }
}
