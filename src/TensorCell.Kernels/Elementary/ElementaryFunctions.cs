using System.Collections.Concurrent;
using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Elementary;

/// <summary>
/// The elementary functions as kernel functions: written as C# in this folder and read by the same front end as the user's, so that every
/// back end computes them alike.
/// </summary>
internal static class ElementaryFunctions
{
    private static readonly ConcurrentDictionary<(string Name, DType Type), KernelFunction> functions = new();

    private static readonly Type[] homes =
    [
        typeof(Exponential), typeof(Logarithm), typeof(Hyperbolic), typeof(Trigonometric), typeof(InverseTrigonometric), typeof(Power),
        typeof(ErrorFunction),
    ];

    /// <summary>Whether the operation is composed of others.</summary>
    public static bool IsComposed(UnaryOperation operation) => operation >= UnaryOperation.Sign;

    /// <summary>Whether the operation is composed of others.</summary>
    public static bool IsComposed(BinaryOperation operation) => operation >= BinaryOperation.Pow;

    /// <summary>The operation on a value, in terms of those that are not composed.</summary>
    public static Node Expand(UnaryOperation operation, Node value) => Expand(operation.ToString(), value);

    /// <summary>The operation on two values, in terms of those that are not composed.</summary>
    public static Node Expand(BinaryOperation operation, Node left, Node right) => Expand(operation.ToString(), left, right);

    /// <summary>How far results lie from the exact value at most, in units in the last place.</summary>
    public static double BoundOf(string name, DType type) =>
        Find(name, type).GetCustomAttribute<WithinUlpAttribute>()!.Bound;

    private static Node Expand(string name, params ReadOnlySpan<Node> operands) =>
        functions.GetOrAdd((name, operands[0].Type), static key => KernelFunction.From(Find(key.Name, key.Type))).Inline(operands, [])[0];

    private static MethodInfo Find(string name, DType type) => homes
        .SelectMany(home => home.GetMember(name, MemberTypes.Method, BindingFlags.Public | BindingFlags.Static))
        .Cast<MethodInfo>()
        .First(method => DTypes.Of(method.ReturnType) == type);
}
