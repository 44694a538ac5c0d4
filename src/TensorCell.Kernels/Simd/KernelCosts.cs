using System.Collections.Concurrent;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>How many vector operations one operation of a graph comes to.</summary>
internal static class KernelCosts
{
    private static readonly ConcurrentDictionary<(string Name, DType Type), int> costs = new();

    public static int Of(UnaryOperation operation, DType type) => ElementaryFunctions.IsComposed(operation)
        ? costs.GetOrAdd((operation.ToString(), type), static (_, input) => KernelFunction.Create(
            input.operation.ToString(), [input.type], [], Node.Unary(input.operation, Node.Parameter(0, input.type))).Cost, (operation, type))
        : 1;

    public static int Of(BinaryOperation operation, DType type) => ElementaryFunctions.IsComposed(operation)
        ? costs.GetOrAdd((operation.ToString(), type), static (_, input) => KernelFunction.Create(
            input.operation.ToString(), [input.type, input.type], [],
            Node.Binary(input.operation, Node.Parameter(0, input.type), Node.Parameter(1, input.type))).Cost, (operation, type))
        : 1;
}
