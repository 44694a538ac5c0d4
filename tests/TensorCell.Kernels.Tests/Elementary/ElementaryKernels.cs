using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>Kernel functions of one elementary function each.</summary>
internal static class ElementaryKernels
{
    public static KernelFunction Of(UnaryOperation operation, DType type) =>
        KernelFunction.Create(operation.ToString(), [type], [], Node.Unary(operation, Node.Parameter(0, type)));

    public static KernelFunction Of(BinaryOperation operation, DType type) => KernelFunction.Create(
        operation.ToString(), [type, type], [], Node.Binary(operation, Node.Parameter(0, type), Node.Parameter(1, type)));
}
