using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Tensors.Graph;

/// <summary>A user's function as the graph applies it.</summary>
/// <param name="function">The function; its captured variables are its last uniforms.</param>
internal sealed class ElementwiseFunction(KernelFunction function)
{
    private static int lastId;

    private readonly ElementwiseFunction?[] derivatives = new ElementwiseFunction?[function.Parameters.Length];
    private readonly bool[] isDerived = new bool[function.Parameters.Length];

    /// <summary>Tells it apart in the keys of kernels.</summary>
    public int Id { get; } = Interlocked.Increment(ref lastId);

    /// <summary>The name errors and traces use.</summary>
    public string Name => function.Name;

    /// <summary>About how many vector instructions it takes.</summary>
    public int Cost { get; } = Math.Max(1, function.ToString().AsSpan().Count('\n'));

    /// <summary>The types of its parameters, then of its captured variables.</summary>
    public DType[] ParameterTypes { get; } = [.. function.Parameters, .. function.Uniforms];

    /// <summary>How many of them are parameters.</summary>
    public int ParameterCount => function.Parameters.Length;

    /// <summary>The type of its result.</summary>
    public DType ResultType => function.Results[0].Type;

    /// <summary>The captured variables' numbers now.</summary>
    public Number[] ReadCaptures() => [.. function.Captures.Select(capture => Number.From(capture.Read()))];

    /// <summary>
    /// The function of the same parameters, then the gradient of the result, then the captured numbers, that gives the gradient of a parameter; null where that
    /// is zero everywhere.
    /// </summary>
    public ElementwiseFunction? DerivativeBy(int parameter)
    {
        lock (derivatives)
        {
            if (!isDerived[parameter])
            {
                KernelFunction? derivative = Differentiation.Of(function, parameter);
                derivatives[parameter] = derivative is null ? null : new ElementwiseFunction(derivative);
                isDerived[parameter] = true;
            }

            return derivatives[parameter];
        }
    }

    /// <summary>The result for given arguments and captured numbers.</summary>
    public Node Apply(ReadOnlySpan<Node> operands) =>
        function.Inline(operands[..ParameterCount], operands[ParameterCount..])[0];
}
