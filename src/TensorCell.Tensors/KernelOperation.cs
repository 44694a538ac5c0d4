using System.Reflection;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>
/// A kernel as an operation on tensors, which gradients flow through: its last view is the result, made anew at every application. Made by
/// <see cref="Kernel.Operation"/>.
/// </summary>
public sealed class KernelOperation : IExplained
{
    private readonly ViewOperand[] inputs;
    private readonly ViewOperand output;
    private readonly DType resultType;
    private readonly bool isFilled;
    private readonly int numberCount;
    private readonly GridFunction? elementwise;
    private readonly Func<Shape[], Shape>? resultShape;
    private readonly Func<Tensor[], Tensor, IReadOnlyList<Tensor?>>? gradient;

    internal KernelOperation(
        GridKernel kernel, Func<Shape[], Shape>? resultShape, Func<Tensor[], Tensor, IReadOnlyList<Tensor?>>? gradient)
    {
        Kernel = kernel;
        this.resultShape = resultShape;
        this.gradient = gradient;
        GridProgram program = kernel.Program;
        ViewOperand[] views = [.. program.Views.Where(view => view.Capture is null)];
        ViewOperand[] stored = [.. StoredViews.Of(program).OfType<ViewOperand>()];
        if (views.Length == 0 || stored.Length == 0)
        {
            Throw.Argument($"kernel {kernel.Name}: an operation needs a kernel whose last view is its result; this one {(views.Length == 0 ? "takes no view" : "stores to none")}");
        }

        if (Array.Find(views, view => view.Storage.Element is null) is { } strange)
        {
            Throw.Argument($"kernel {kernel.Name}: '{strange.Name}' holds {strange.Storage.Name}, which no tensor does; they hold {string.Join(", ", Enum.GetValues<DType>().Select(type => type.Name))}: launch the kernel itself on arrays instead");
        }

        inputs = views[..^1];
        output = views[^1];
        resultType = output.Storage.Element!.Value;
        isFilled = StoredViews.IsFilled(program, output);
        numberCount = program.Uniforms.Length - program.Captures.Length;
        foreach (ViewOperand written in stored)
        {
            if (written != output)
            {
                Throw.Argument($"kernel {kernel.Name}: it stores to '{written.Name}'; an operation stores only to its last view, '{output.Name}', and leaves what it reads as it is: launch the kernel itself instead");
            }
        }

        elementwise = gradient is null && ElementwiseForm.Of(program) is { } form ? new GridFunction(form) : null;
    }

    /// <summary>The kernel.</summary>
    public GridKernel Kernel { get; }

    /// <summary>The name that errors and traces use.</summary>
    public string Name => Kernel.Name;

    /// <inheritdoc/>
    public KernelExplanation Explain() => Kernel.Explain();

    /// <summary>Whether gradients flow through it: the author gave them, or every item depends on its own elements only.</summary>
    public bool IsDifferentiable => gradient is not null || elementwise is not null;

    /// <summary>The operation with a gradient that its author gives.</summary>
    /// <param name="backward">From the inputs and the gradient of the result, the gradient of each input, of its shape; null for none.</param>
    public KernelOperation WithGradient(Func<Tensor[], Tensor, IReadOnlyList<Tensor?>> backward)
    {
        ArgumentNullException.ThrowIfNull(backward);
        return new KernelOperation(Kernel, resultShape, backward);
    }

    /// <summary>The operation with another shape of its result.</summary>
    /// <param name="shape">The shape of the result, from the shapes of the inputs; without it, the first input's.</param>
    public KernelOperation WithShape(Func<Shape[], Shape> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new KernelOperation(Kernel, shape, gradient);
    }

    /// <summary>The result for given inputs; see <see cref="Apply"/>.</summary>
    public Tensor this[params ReadOnlySpan<Tensor> arguments] => Apply(arguments);

    /// <summary>Launches the kernel once for each element of a new tensor.</summary>
    /// <param name="arguments">A tensor for each view but the last, and a number for each number, in the order of the kernel's parameters.</param>
    /// <returns>The tensor that the kernel stored to, which is zero where it did not.</returns>
    /// <exception cref="ArgumentException">Their number, a type or a shape does not fit.</exception>
    /// <exception cref="IndexOutOfRangeException">An access of the kernel was out of range.</exception>
    public Tensor Apply(params ReadOnlySpan<Tensor> arguments)
    {
        List<Tensor> tensors = [];
        List<Tensor> numbers = [];
        foreach (Tensor argument in arguments)
        {
            ArgumentNullException.ThrowIfNull(argument, nameof(arguments));
            (argument.Number is null ? tensors : numbers).Add(argument);
        }

        if (tensors.Count != inputs.Length || numbers.Count != numberCount)
        {
            Throw.Argument($"kernel {Name}: {tensors.Count} tensors and {numbers.Count} numbers given; it takes {inputs.Length} tensors ({string.Join(", ", inputs.Select(input => input.Name))}) and {numberCount} numbers, and makes '{output.Name}' itself");
        }

        if (tensors.Count == 0 && resultShape is null)
        {
            Throw.Argument($"kernel {Name}: without an input the shape of its result is not known; give it with WithShape");
        }

        Tensor[] given = [.. tensors];
        Shape shape = resultShape?.Invoke([.. given.Select(tensor => tensor.Shape)]) ?? given[0].Shape;
        if (shape.Rank != Kernel.Rank)
        {
            Throw.Argument($"kernel {Name}: its result would be {shape}, of {shape.Rank} dimensions; the kernel runs over {Kernel.Rank}");
        }

        bool isKept = Tape.Keeps(given);
        Tensor result = NewResult(shape, given.Length > 0 ? given[0].Device : Device.Cpu);
        KernelArgument[] captured = isKept && elementwise is not null ? elementwise.ReadCaptures(isKept) : [];
        KernelArgument[] all = [.. given.Select(tensor => (KernelArgument)tensor), result, .. numbers.Select(number => (KernelArgument)number)];
        Kernel.Launch(ExtentOf(shape), all);
        if (!isKept)
        {
            return result;
        }

        if (gradient is { } backward)
        {
            return result.WithGradient(Name, given, upstream => backward(given, upstream));
        }

        if (elementwise is null)
        {
            Throw.Invalid($"kernel {Name}: its items read more than their own elements, so that its gradient must be given: [Kernel(Gradient = nameof(…))] or WithGradient; or apply it to tensors without gradients, or inside Tensor.NoGrad()");
        }

        if (given.Any(tensor => tensor.Shape != shape))
        {
            Throw.Argument($"kernel {Name}: its gradient needs inputs of the result's shape {shape}; found {string.Join(", ", given.Select(tensor => tensor.Shape))}");
        }

        return ElementwiseRules.Custom(
            result, elementwise, given, [.. numbers.Select(number => (KernelArgument)number), .. captured]);
    }

    /// <summary>The gradient that a kernel's attribute names, as a function of tensors; null if it names none.</summary>
    internal static Func<Tensor[], Tensor, IReadOnlyList<Tensor?>>? NamedGradient(MethodInfo method, object? target)
    {
        if (method.GetCustomAttribute<KernelAttribute>()?.Gradient is not { } name)
        {
            return null;
        }

        MethodInfo? found = method.DeclaringType!.GetMethod(
            name, BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Tensor[]), typeof(Tensor)]);
        if (found is null || !typeof(IReadOnlyList<Tensor?>).IsAssignableFrom(found.ReturnType))
        {
            Throw.Argument($"kernel {method.Name}: its gradient '{name}' is not found in {method.DeclaringType.Name}; it is a method that takes (Tensor[] inputs, Tensor gradient) and returns one Tensor, or null, for each input, as Tensor?[]");
        }

        return (inputs, upstream) => (IReadOnlyList<Tensor?>)found.Invoke(
            found.IsStatic ? null : target, BindingFlags.DoNotWrapExceptions, null, [inputs, upstream], null)!;
    }

    /// <summary>A tensor to store to: zeros, unless the kernel stores every element.</summary>
    private Tensor NewResult(Shape shape, Device device) => isFilled
        ? Tensor.Wrap(Storage.Allocate(shape.Count * resultType.Size, device), shape, resultType)
        : Tensor.Full(shape, new Number(0L), resultType).To(device).Realize();

    private static Extent ExtentOf(Shape shape) => shape.Rank switch
    {
        1 => shape[0],
        2 => (shape[0], shape[1]),
        _ => (shape[0], shape[1], shape[2]),
    };
}
