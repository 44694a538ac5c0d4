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

    /// <summary>How many vector operations a kernel takes to read, round and store halves, beyond those of its instructions.</summary>
    public static int OfHalves(VectorProgram program)
    {
        var operations = program.OutputTypes.Sum(type => type switch
        {
            StorageType.Float16 => 11,
            StorageType.BFloat16 => 7,
            _ => 0,
        });
        foreach (var instruction in program.Instructions)
        {
            operations += instruction.Code switch
            {
                VectorCode.Parameter when program.InputTypes[(int)instruction.Immediate] == StorageType.Float16 => 6,
                VectorCode.Parameter when program.InputTypes[(int)instruction.Immediate] == StorageType.BFloat16 => 1,
                VectorCode.RoundToFloat16 => 7,
                VectorCode.RoundToBFloat16 => 5,
                _ => 0,
            };
        }

        return operations;
    }
}
