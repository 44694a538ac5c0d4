using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>
/// A function of C# that runs once for each element of its tensors: <c>k.Apply(x, y)</c> or <c>k[x, y]</c>. The result is pending and fuses
/// with the operations around it. Made by <see cref="Kernel.Elementwise(Delegate)"/>.
/// </summary>
public sealed class ElementwiseKernel : IExplained
{
    private readonly ElementwiseFunction? fused;
    private readonly GridFunction? single;
    private readonly DType[] parameterTypes;

    internal ElementwiseKernel(KernelFunction function)
    {
        if (function.Results.Length != 1)
        {
            Throw.Argument($"kernel {function.Name}: returns {function.Results.Length} results; an elementwise kernel returns one number");
        }

        Function = function;
        fused = new ElementwiseFunction(function);
        parameterTypes = fused.ParameterTypes[..fused.ParameterCount];
        Name = function.Name;
    }

    internal ElementwiseKernel(GridFunction function)
    {
        single = function;
        parameterTypes = function.ParameterTypes;
        Name = function.Name;
    }

    /// <summary>The name that errors and traces use.</summary>
    public string Name { get; }

    /// <summary>The graph of values that a function without loops is, which fuses with the operations around it; null for one with loops.</summary>
    public KernelFunction? Function { get; }

    /// <summary>The kernel that a function with loops, or one that reads captured arrays, is; null for one without.</summary>
    public GridKernel? Grid => single?.Kernel;

    /// <summary>The function applied to each element; see <see cref="Apply"/>.</summary>
    public Tensor this[params ReadOnlySpan<Tensor> arguments] => Apply(arguments);

    /// <summary>The function applied to each element of the arguments, which broadcast together.</summary>
    /// <param name="arguments">One tensor or number for each parameter, of its type or of one that it holds without loss.</param>
    /// <returns>
    /// A tensor of the function's result type: pending, so that it fuses with the operations around it, unless the function loops. Captured
    /// variables are read now.
    /// </returns>
    /// <exception cref="ArgumentException">Their number, a type or a shape does not fit.</exception>
    public Tensor Apply(params ReadOnlySpan<Tensor> arguments)
    {
        if (arguments.Length != parameterTypes.Length)
        {
            Throw.Argument($"kernel {Name}: {arguments.Length} arguments given to a function of {parameterTypes.Length}");
        }

        Shape shape = default;
        for (int index = 0; index < arguments.Length; index++)
        {
            ArgumentNullException.ThrowIfNull(arguments[index], nameof(arguments));
            RequireType(index, arguments[index]);
            shape = Shape.Broadcast($"kernel {Name}", shape, arguments[index].Shape);
        }

        return fused is null ? ApplySingle(single!, arguments, shape) : ApplyFused(fused, arguments, shape);
    }

    private static Tensor ApplyFused(ElementwiseFunction body, ReadOnlySpan<Tensor> arguments, Shape shape)
    {
        Number[] captured = body.ReadCaptures();
        Operand[] operands = new Operand[arguments.Length + captured.Length];
        for (int index = 0; index < arguments.Length; index++)
        {
            operands[index] = arguments[index].As(shape);
        }

        for (int index = 0; index < captured.Length; index++)
        {
            Tensor number = Tensor.OfNumber(captured[index], body.ParameterTypes[arguments.Length + index]);
            operands[arguments.Length + index] = number.As(shape);
        }

        Tensor result = Tensor.Elementwise(new ElementwiseOperation(body, operands), shape, body.ResultType);
        return Tape.Keeps(arguments) ? ElementwiseRules.Custom(result, body, arguments.ToArray(), captured) : result;
    }

    private static Tensor ApplySingle(GridFunction body, ReadOnlySpan<Tensor> arguments, Shape shape)
    {
        Tensor[] inputs = new Tensor[arguments.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            inputs[index] = arguments[index].To(body.ParameterTypes[index]);
        }

        bool isKept = Tape.Keeps(inputs);
        KernelArgument[] captured = body.ReadCaptures(isKept);
        Tensor result = body.Run([.. inputs.Select(input => input.As(shape))], captured, shape);
        return isKept ? ElementwiseRules.Custom(result, body, inputs, captured) : result;
    }

    /// <inheritdoc/>
    public KernelExplanation Explain() => Function is null ? Grid!.Explain() : Function.Explain();

    private void RequireType(int index, Tensor argument)
    {
        DType wanted = parameterTypes[index];
        DType combined = argument.Number is { } number
            ? Promotion.WithNumber($"kernel {Name}", wanted, number)
            : Promotion.Of(argument.DType, wanted);
        if (combined != wanted)
        {
            Throw.Argument(
                $"kernel {Name}: argument {index + 1} is {argument.DType.Name}, the function takes {wanted.Name}; use .To(DType.{wanted}) or write the function for the wider type");
        }
    }
}
