using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Tensors;

// Gradients by reverse accumulation. They are pending tensors like any other, so they fuse, and run when they are read.
public sealed partial class Tensor
{
    private bool isParameter;

    /// <summary>
    /// Whether <see cref="Backward()"/> finds the gradient with respect to this tensor. Set it on tensors that were given, such as parameters; what is computed
    /// from them needs one by itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on a tensor that is not floating-point, or cleared on one computed from others.</exception>
    public bool RequiresGrad
    {
        get => isParameter || Derivation is { IsTracked: true };
        set
        {
            if (value && !DType.IsFloatingPoint)
            {
                Throw.Invalid($"requiresGrad: only floating-point tensors have gradients, this one is {DType.Name}; use .To(DType.Float32)");
            }

            if (Derivation is { IsTracked: true })
            {
                if (!value)
                {
                    Throw.Invalid("requiresGrad: this tensor is computed from others that require gradients; use Detach()");
                }

                return;
            }

            isParameter = value;
        }
    }

    /// <summary>
    /// The sum of the gradients that <see cref="Backward()"/> has found for this tensor, of its shape and type; null before the first. Pending
    /// until it is read. Set it to null to begin anew.
    /// </summary>
    public Tensor? Grad { get; set; }

    /// <summary>How it was computed, if that is kept; null for a given tensor.</summary>
    public Derivation? Derivation { get; private set; }

    /// <summary>Until the scope is disposed, results keep no derivation, so nothing computed then has a gradient; parameters may be written in place.</summary>
    public static TapeScope NoGrad() => new(isTracking: false, isRecording: false);

    /// <summary>Until the scope is disposed, every result keeps its <see cref="Derivation"/>, for example to export what was computed.</summary>
    public static TapeScope Record() => new(isTracking: false, isRecording: true);

    /// <summary>The gradients of a scalar with respect to tensors, without adding to their <see cref="Grad"/>.</summary>
    /// <param name="output">A tensor of one element.</param>
    /// <param name="inputs">Tensors that require gradients.</param>
    /// <returns>One pending tensor for each, of its shape and type; zeros where the output does not depend on it.</returns>
    public static Tensor[] GradientsOf(Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        Tensor?[] gradients = GradientsIfAny(output, inputs);
        Tensor[] found = new Tensor[inputs.Length];
        for (int index = 0; index < found.Length; index++)
        {
            if (!inputs[index].RequiresGrad)
            {
                Throw.Invalid($"gradients: input {index + 1}, of shape {inputs[index].Shape}, does not require a gradient; set its RequiresGrad before computing");
            }

            found[index] = gradients[index] ?? ZerosLike(inputs[index]);
        }

        return found;
    }

    /// <summary>Finds the gradient of this scalar with respect to every tensor it was computed from whose <see cref="RequiresGrad"/> was set, and adds it to their <see cref="Grad"/>.</summary>
    /// <exception cref="InvalidOperationException">There is more than one element, or nothing it was computed from requires a gradient.</exception>
    public void Backward() => Backward(null);

    /// <summary>As <see cref="Backward()"/>, from a tensor of any shape.</summary>
    /// <param name="gradient">The gradient of this tensor, which broadcasts to its shape and takes its type; null for 1 where there is one element.</param>
    public void Backward(Tensor? gradient)
    {
        // Each parameter gets elements of its own, so that writing to one gradient in place, as to clip it, changes no other, nor a tensor that
        // an author's gradient function gave as it was.
        HashSet<Tensor> shown = new(ReferenceEqualityComparer.Instance);
        if (gradient is not null)
        {
            shown.Add(gradient.root);
        }

        Dictionary<Tensor, Tensor> gradients = Backpropagation.Run(this, Seed(gradient));
        using TapeScope untracked = NoGrad();
        foreach ((Tensor tensor, Tensor found) in gradients)
        {
            if (tensor.isParameter)
            {
                tensor.Grad = tensor.Grad is { } before ? before + found
                    : found.IsPending && shown.Add(found.root) ? found
                    : found.Copy();
            }
        }
    }

    /// <summary>The same elements, without what they were computed from: a view that no gradient flows through.</summary>
    public Tensor Detach() => new(this, Layout);

    /// <summary>
    /// Gives a computed tensor a derivative of the author's: gradients then flow to the inputs by this function alone, whatever else the tensor was computed from.
    /// </summary>
    /// <param name="name">The name that errors use.</param>
    /// <param name="inputs">What gradients flow to.</param>
    /// <param name="backward">From the gradient of this tensor, the gradient of each input, of its shape; null for none. Called at most once for each backward pass, for each input.</param>
    /// <returns>A tensor of the same elements.</returns>
    public Tensor WithGradient(string name, ReadOnlySpan<Tensor> inputs, Func<Tensor, IReadOnlyList<Tensor?>> backward)
    {
        ArgumentNullException.ThrowIfNull(backward);
        Tensor result = Detach();
        if (!Tape.Keeps(inputs))
        {
            return result;
        }

        int count = inputs.Length;
        Tensor? last = null;
        IReadOnlyList<Tensor?> gradients = [];
        return result.Derive(name, inputs.ToArray(), null, (input, gradient, _) =>
        {
            if (!ReferenceEquals(last, gradient))
            {
                gradients = backward(gradient);
                last = gradient;
                if (gradients.Count != count)
                {
                    Throw.Invalid($"{name}: its gradient function gave {gradients.Count} gradients for {count} inputs");
                }
            }

            return gradients[input];
        });
    }

    /// <summary>Keeps how this result was derived.</summary>
    /// <returns>This tensor.</returns>
    internal Tensor Derive(
        string name, Tensor[] inputs, object? attribute, GradientRule rule, DerivationReads reads = DerivationReads.Inputs | DerivationReads.Result)
    {
        bool isTracked = DType.IsFloatingPoint && Tape.IsTracking;
        if (isTracked || Tape.IsRecording)
        {
            // What has no gradient, such as a comparison, must not keep the graph above it alive.
            Derivation = new Derivation(name, this, inputs, attribute, rule, isTracked);
            if (Derivation.IsTracked)
            {
                Keep(inputs, reads);
            }
        }

        return this;
    }

    private void Keep(Tensor[] inputs, DerivationReads reads)
    {
        Value.IsKept |= (reads & DerivationReads.Result) != 0;
        for (int index = 0; index < inputs.Length && (reads & DerivationReads.Inputs) != 0; index++)
        {
            inputs[index].Value.IsKept = true;
        }
    }

    /// <summary>The sum over the axes along which a tensor of a shape was broadcast to this one's.</summary>
    internal Tensor SumTo(Shape shape)
    {
        if (shape == Shape)
        {
            return this;
        }

        int added = Rank - shape.Rank;
        List<int> axes = [];
        for (int axis = 0; axis < Rank; axis++)
        {
            if (axis < added || (shape[axis - added] == 1 && Shape[axis] != 1))
            {
                axes.Add(axis);
            }
        }

        return axes.Count == 0 ? Reshape(shape) : Sum(axes.ToArray()).Reshape(shape);
    }

    private Tensor Seed(Tensor? gradient)
    {
        if (!RequiresGrad)
        {
            Throw.Invalid(
                $"backward: nothing that this tensor was computed from requires a gradient{(Tape.IsTracking ? "; set RequiresGrad on the parameters before computing with them" : ": a NoGrad scope is open")}");
        }

        if (gradient is null)
        {
            return Count == 1
                ? Full(Shape, 1, DType)
                : Throw.Invalid<Tensor>($"backward: shape {Shape} has {Count} elements; reduce it to one, as by Sum() or Mean(), or give its gradient");
        }

        return gradient.Detach().To(DType).BroadcastTo(Shape);
    }

    /// <summary>Refuses to write elements whose gradient would be lost.</summary>
    private static void RequireUntrackedSource(string operation, Tensor source)
    {
        if (source.RequiresGrad && Tape.IsTracking)
        {
            Throw.Invalid($"{operation}: the source requires a gradient, which a write in place does not carry; write source.Detach()");
        }
    }

    /// <summary>As <see cref="GradientsOf"/>, with null for an input that requires no gradient, and where the output does not depend on it.</summary>
    internal static Tensor?[] GradientsIfAny(Tensor output, ReadOnlySpan<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(output);
        Dictionary<Tensor, Tensor> gradients = Backpropagation.Run(output, output.Seed(null));
        Tensor?[] found = new Tensor?[inputs.Length];
        for (int index = 0; index < found.Length; index++)
        {
            ArgumentNullException.ThrowIfNull(inputs[index], nameof(inputs));
            found[index] = gradients.GetValueOrDefault(inputs[index]);
        }

        return found;
    }

    /// <summary>Refuses to overwrite elements that a gradient depends on.</summary>
    internal void RequireUntracked(string operation)
    {
        if (RequiresGrad && Tape.IsTracking)
        {
            Throw.Invalid(isParameter
                ? $"{operation}: this tensor requires a gradient; write to it inside using (Tensor.NoGrad()) {{ … }}"
                : $"{operation}: this tensor is computed from others that require gradients, and a write in place has none; write to a Detach().Clone(), or use Where, Concat or Stack");
        }
    }
}
