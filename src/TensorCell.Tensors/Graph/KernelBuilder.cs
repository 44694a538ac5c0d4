using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>Turns a group into the kernel function that the compiler takes.</summary>
internal static class KernelBuilder
{
    /// <summary>The function of a group: leaves are parameters, scalars uniforms, stored nodes (or the root) results.</summary>
    /// <param name="group">The group.</param>
    /// <param name="name">The kernel's name, or null to name it after its operations.</param>
    /// <param name="rootType">The type that the root is converted to where nothing is stored, below a reduction.</param>
    public static KernelFunction Build(Group group, string? name, DType rootType)
    {
        DType[] parameters = new DType[group.Leaves.Length];
        DType[] uniforms = new DType[group.Uniforms.Length];
        Node[] leafNodes = new Node[parameters.Length];
        Node[] uniformNodes = new Node[uniforms.Length];
        Node[] nodes = new Node[group.Nodes.Length];
        Node?[] rounded = new Node?[nodes.Length];
        for (int index = 0; index < parameters.Length; index++)
        {
            parameters[index] = group.Leaves[index].Value.DType;
            leafNodes[index] = Node.Parameter(index, parameters[index]);
        }

        for (int index = 0; index < uniforms.Length; index++)
        {
            uniforms[index] = group.Uniforms[index].Type;
            uniformNodes[index] = Node.Uniform(index, uniforms[index]);
        }

        for (int index = 0; index < nodes.Length; index++)
        {
            Group.Node node = group.Nodes[index];
            Node[] operands = new Node[node.Operation.Inputs.Length];
            for (int position = 0; position < operands.Length; position++)
            {
                Node operand = Resolve(group.References[node.FirstReference + position]);
                operands[position] = node.Operation.Operator.Kind == OperatorKind.Convert
                    ? operand
                    : Node.Convert(operand, node.Operation.OperandType(position));
            }

            nodes[index] = Apply(node.Operation, node.Value.DType, operands);
        }

        Node[] results = new Node[Math.Max(1, group.Outputs.Length)];
        DType[] types = new DType[results.Length];
        for (int index = 0; index < group.Outputs.Length; index++)
        {
            results[index] = nodes[group.Outputs[index]];
            types[index] = group.Nodes[group.Outputs[index]].Value.DType;
        }

        if (group.Outputs.Length == 0)
        {
            results[0] = Node.Convert(Resolve(group.Root), rootType);
            types[0] = rootType;
        }

        return KernelFunction.Create(NameOf(group, name), parameters, uniforms, results).StoredAs(types);

        Node Resolve(Group.Reference reference) => reference.Kind switch
        {
            Group.ReferenceKind.Node => rounded[reference.Index] ??= Narrowing.Round(nodes[reference.Index], group.Nodes[reference.Index].Value.DType),
            Group.ReferenceKind.Leaf => leafNodes[reference.Index],
            _ => uniformNodes[reference.Index],
        };
    }

    private static string NameOf(Group group, string? name)
    {
        const int most = 6;
        List<string> names = [];
        foreach (ref readonly Group.Node node in group.Nodes)
        {
            names.Add(node.Operation.Name);
        }

        if (name is not null)
        {
            names.Add(name);
        }

        return names.Count <= most ? string.Join(' ', names) : $"{string.Join(' ', names[..(most / 2)])} … {string.Join(' ', names[^(most / 2)..])}";
    }

    private static Node Apply(ElementwiseOperation operation, DType type, Node[] x) => operation.Operator.Kind switch
    {
        OperatorKind.Unary => Node.Unary((UnaryOperation)operation.Operator.Code, x[0]),
        OperatorKind.Binary => Node.Binary((BinaryOperation)operation.Operator.Code, x[0], x[1]),
        OperatorKind.Comparison => Node.Compare((Comparison)operation.Operator.Code, x[0], x[1]),
        OperatorKind.Convert => Narrowing.Convert(x[0], type),
        OperatorKind.Reciprocal => Node.Binary(BinaryOperation.Divide, Node.Constant(x[0].Type, 1), x[0]),
        OperatorKind.IsNaN => Node.Compare(Comparison.NotEqual, x[0], x[0]),
        OperatorKind.IsFinite => Node.Compare(
            Comparison.LessOrEqual,
            Node.Unary(UnaryOperation.Abs, x[0]),
            Node.Constant(x[0].Type, x[0].Type == DType.Float32 ? float.MaxValue : double.MaxValue)),
        OperatorKind.Select => Node.Select(x[0], x[1], x[2]),
        _ => operation.Body!.Apply(x),
    };
}
