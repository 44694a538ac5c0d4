using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>What two functions that compile to the same code have in common: their graphs, but not their names or the values of uniforms.</summary>
internal sealed class StructuralKey : IEquatable<StructuralKey>
{
    private readonly long[] content;
    private readonly int hash;

    private StructuralKey(long[] content)
    {
        this.content = content;
        var code = new HashCode();
        code.AddBytes(MemoryMarshal.AsBytes(content.AsSpan()));
        hash = code.ToHashCode();
    }

    public static StructuralKey Of(KernelFunction function, int vectorBits, bool contraction)
    {
        var order = NodeOrder.Of(function.Results);
        var numbers = new Dictionary<Node, int>(order.Count, ReferenceEqualityComparer.Instance);
        var content = new List<long>(order.Count * 3) { vectorBits, contraction ? 1 : 0, function.Parameters.Length };
        foreach (var node in order)
        {
            numbers.Add(node, numbers.Count);
            content.Add(((long)Kind(node) << 32) | ((long)node.Type << 16) | (long)node.OperandCount);
            content.Add(node.Tag);
            for (var i = 0; i < node.OperandCount; i++)
            {
                content.Add(numbers[node.Operand(i)]);
            }
        }

        foreach (var result in function.Results)
        {
            content.Add(numbers[result]);
        }

        return new([.. content]);
    }

    public bool Equals(StructuralKey? other) =>
        other is not null && hash == other.hash && content.AsSpan().SequenceEqual(other.content);

    public override bool Equals(object? obj) => Equals(obj as StructuralKey);

    public override int GetHashCode() => hash;

    private static int Kind(Node node) => node switch
    {
        ParameterNode => 0,
        UniformNode => 1,
        ConstantNode => 2,
        UnaryNode => 3,
        BinaryNode => 4,
        CompareNode => 5,
        SelectNode => 6,
        FusedMultiplyAddNode => 7,
        ConvertNode => 8,
        _ => 9,
    };
}
