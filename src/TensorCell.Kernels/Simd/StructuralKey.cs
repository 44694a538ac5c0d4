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

        foreach (var type in function.ResultTypes)
        {
            content.Add((long)type);
        }

        return new([.. content]);
    }

    /// <summary>The key of a grid program, whose views and captured variables are told apart by their place alone.</summary>
    public static StructuralKey Of(GridProgram program, int vectorBits, bool contraction) =>
        new(new GridContent(program, vectorBits, contraction).ToArray());

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
        BitCastNode => 9,
        IndexNode => 10,
        LengthNode => 11,
        _ => 12,
    };

    /// <summary>The content of a grid program's key: its statements in order, each value before its first use.</summary>
    private sealed class GridContent
    {
        private readonly List<long> content = [];
        private readonly Dictionary<Node, int> numbers = new(ReferenceEqualityComparer.Instance);

        public GridContent(GridProgram program, int vectorBits, bool contraction)
        {
            // No function of single elements begins so.
            content.AddRange([-1, vectorBits, contraction ? 1 : 0, program.Unchecked ? 1 : 0, program.Rank]);
            content.AddRange([program.Views.Length, program.Uniforms.Length, program.GroupExtents.Length, program.Shared.Length]);
            content.AddRange(program.Views.Select(view => ((long)view.Storage << 8) | (uint)view.Rank));
            content.AddRange(program.Uniforms.Select(type => (long)type));
            content.AddRange(program.GroupExtents.Select(extent => (long)extent));
            foreach (var shared in program.Shared)
            {
                content.Add((long)shared.Storage);
                content.AddRange(shared.Lengths.Select(length => (long)length).Append(-1));
            }

            Add(program.Body);
            Add(program.Results);
        }

        public long[] ToArray() => [.. content];

        private void Add(Region region)
        {
            content.Add(-region.Statements.Count - 1);
            foreach (var statement in region.Statements)
            {
                Add(statement);
            }
        }

        private void Add(Statement statement)
        {
            switch (statement)
            {
                case LetStatement let:
                    content.Add(100);
                    Add([let.Value]);
                    Define(let.Result);
                    break;
                case LoadStatement load:
                    content.Add(101);
                    Add(load.Source);
                    Add(load.Indices);
                    Define(load.Result);
                    break;
                case StoreStatement store:
                    content.Add(102);
                    Add(store.Target);
                    Add(store.Indices);
                    Add([store.Value]);
                    break;
                case AtomicStatement atomic:
                    content.AddRange([103, (long)atomic.Operation, atomic.Old is null ? 0 : 1]);
                    Add(atomic.Target);
                    Add(atomic.Indices);
                    Add(atomic.Comparand is { } comparand ? [atomic.Value, comparand] : [atomic.Value]);
                    if (atomic.Old is { } old)
                    {
                        Define(old);
                    }

                    break;
                case IfStatement branch:
                    content.Add(104);
                    Add([branch.Condition]);
                    Add(branch.Then);
                    Add(branch.Else);
                    Add(branch.ThenValues);
                    Add(branch.ElseValues);
                    branch.Results.ToList().ForEach(Define);
                    break;
                case LoopStatement loop:
                    content.Add(105);
                    Add(loop.Initial);
                    loop.Carried.ToList().ForEach(Define);
                    Add(loop.Body);
                    Add([loop.Repeat]);
                    Add(loop.Next);
                    Add(loop.ResultValues);
                    loop.Results.ToList().ForEach(Define);
                    break;
                default:
                    content.Add(106);
                    break;
            }
        }

        private void Add(MemoryOperand operand) => content.Add(operand is ViewOperand view ? view.Index : -1 - ((SharedOperand)operand).Index);

        private void Define(VariableNode variable)
        {
            content.Add((long)variable.Type);
            numbers.Add(variable, numbers.Count);
        }

        private void Add(IReadOnlyList<Node> values)
        {
            foreach (var node in NodeOrder.Of(values))
            {
                if (numbers.ContainsKey(node))
                {
                    continue;
                }

                numbers.Add(node, numbers.Count);
                content.Add(((long)Kind(node) << 32) | ((long)node.Type << 16) | (long)node.OperandCount);
                content.Add(node.Tag);
                for (var i = 0; i < node.OperandCount; i++)
                {
                    content.Add(numbers[node.Operand(i)]);
                }
            }

            content.Add(-values.Count);
            content.AddRange(values.Select(value => (long)numbers[value]));
        }
    }
}
