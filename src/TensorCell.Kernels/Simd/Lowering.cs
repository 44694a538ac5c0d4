using System.Numerics;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Turns an optimised graph into vector operations: chooses the number of lanes and the width of masks.</summary>
internal sealed class Lowering
{
    private readonly List<Instruction> instructions = [];
    private readonly List<bool> uniform = [];
    private readonly Dictionary<Instruction, int> known = [];
    private readonly Dictionary<Node, int> lowered = new(ReferenceEqualityComparer.Instance);
    private readonly int largestSize;

    private Lowering(int largestSize) => this.largestSize = largestSize;

    /// <summary>The vector operations of a function.</summary>
    /// <param name="function">Whose inputs and outputs lie in memory so.</param>
    /// <param name="results">Its results, optimised.</param>
    /// <param name="vectorBits">The width of vectors.</param>
    public static VectorProgram Lower(KernelFunction function, IReadOnlyList<Node> results, int vectorBits)
    {
        var order = NodeOrder.Of(results);
        var sizes = order.Where(node => node.Type != DType.Bool).Select(node => node.Type.Size).Distinct().ToArray();
        var largest = sizes.Length == 0 ? sizeof(int) : sizes.Max();
        // Mixed sizes share one lane count; at least four lanes, since there is no hardware vector of two 32-bit lanes.
        var lanes = sizes.Length == 2 ? Math.Max(4, vectorBits / 64) : vectorBits / 8 / largest;
        var lowering = new Lowering(largest);
        foreach (var node in order)
        {
            lowering.lowered[node] = lowering.LowerNode(node);
        }

        return new(
            lanes,
            [.. lowering.instructions],
            [.. results.Select(result => lowering.lowered[result])],
            [.. function.Parameters.Select(StorageTypes.Of)],
            [.. function.ResultTypes.Select(StorageTypes.Of)],
            [.. lowering.uniform]);
    }

    private int LowerNode(Node node) => node switch
    {
        ParameterNode parameter => Add(new(VectorCode.Parameter, TypeOf(node), Immediate: parameter.Index)),
        UniformNode uniformNode => Add(new(VectorCode.Uniform, TypeOf(node), Immediate: uniformNode.Index)),
        ConstantNode { Type: DType.Bool } constant => Constant(TypeOf(node), -constant.Value.Bits),
        ConstantNode constant => Constant(TypeOf(node), constant.Value.Bits),
        UnaryNode unary => LowerUnary(unary),
        BinaryNode binary => LowerBinary(binary),
        CompareNode compare => LowerCompare(compare),
        SelectNode select => LowerSelect(select),
        FusedMultiplyAddNode fma => Add(new(
            VectorCode.FusedMultiplyAdd, TypeOf(node), lowered[fma.Left], lowered[fma.Right], lowered[fma.Addend])),
        ConvertNode convert => LowerConvert(lowered[convert.Value], convert.Value.Type, convert.Type),
        BitCastNode cast => Reinterpret(lowered[cast.Value], TypeOf(node)),
        _ => throw Throw.OperationUndefined(node.GetType().Name, node.Type),
    };

    private LaneType TypeOf(Node node) => node.Type == DType.Bool ? LaneTypes.Mask(largestSize) : LaneTypes.Of(node.Type);

    /// <summary>The vector operation that an operation on one value is.</summary>
    public static VectorCode CodeOf(UnaryOperation operation, DType type) => operation switch
    {
        UnaryOperation.Negate => VectorCode.Negate,
        UnaryOperation.Abs => VectorCode.Abs,
        UnaryOperation.Not => VectorCode.Not,
        UnaryOperation.Sqrt => VectorCode.Sqrt,
        UnaryOperation.Floor => VectorCode.Floor,
        UnaryOperation.Ceiling => VectorCode.Ceiling,
        UnaryOperation.Truncate => VectorCode.Truncate,
        UnaryOperation.Round => VectorCode.Round,
        UnaryOperation.PopCount => VectorCode.PopCount,
        UnaryOperation.LeadingZeroCount => VectorCode.LeadingZeroCount,
        UnaryOperation.RoundToFloat16 => VectorCode.RoundToFloat16,
        UnaryOperation.RoundToBFloat16 => VectorCode.RoundToBFloat16,
        _ => throw Throw.OperationUndefined($"{operation}, not expanded,", type),
    };

    /// <summary>The vector operation on one value, left to be named, that an operation on it and a constant integer is; null where it takes both.</summary>
    public static Instruction? ByConstant(BinaryNode node)
    {
        if (node.Right is not ConstantNode { Value.Bits: var bits } || node.Type is not (DType.Int32 or DType.Int64))
        {
            return null;
        }

        var (type, count) = (LaneTypes.Of(node.Type), node.Type.Size * 8);
        var isPower = bits > long.MinValue && BitOperations.IsPow2(Math.Abs(bits)) && Math.Abs(bits) > 1 && bits != Scalar.SignBit(node.Type).Bits;
        // Of 64 bits no vector instruction gives the upper half of a product.
        var hasMagic = node.Type == DType.Int32 && bits is not (0 or 1 or -1);
        return node.Operation switch
        {
            BinaryOperation.ShiftLeft or BinaryOperation.ShiftRight or BinaryOperation.ShiftRightLogical =>
                new(VectorCode.ShiftLeftBy + (node.Operation - BinaryOperation.ShiftLeft), type, Immediate: bits & (count - 1)),
            BinaryOperation.Multiply when isPower && bits > 0 => new(VectorCode.ShiftLeftBy, type, Immediate: BitOperations.Log2((ulong)bits)),
            BinaryOperation.Divide when isPower || hasMagic => new(VectorCode.DivideBy, type, Immediate: bits),
            BinaryOperation.Remainder when isPower || hasMagic => new(VectorCode.RemainderBy, type, Immediate: bits),
            BinaryOperation.DivideUnsigned when hasMagic => new(VectorCode.DivideUnsignedBy, type, Immediate: bits),
            BinaryOperation.RemainderUnsigned when hasMagic => new(VectorCode.RemainderUnsignedBy, type, Immediate: bits),
            _ => null,
        };
    }

    private int LowerUnary(UnaryNode node)
    {
        var value = lowered[node.Value];
        return Add(new(CodeOf(node.Operation, node.Type), instructions[value].Type, value));
    }

    private int LowerBinary(BinaryNode node)
    {
        var (left, right) = (lowered[node.Left], lowered[node.Right]);
        if (ByConstant(node) is { } by)
        {
            return Add(by with { A = left });
        }

        if (node.Type == DType.Bool)
        {
            (left, right) = SameMasks(left, right);
        }

        return Add(new(VectorCode.Add + (node.Operation - BinaryOperation.Add), instructions[left].Type, left, right));
    }

    private int LowerCompare(CompareNode node)
    {
        var (left, right) = (lowered[node.Left], lowered[node.Right]);
        if (node.Left.Type == DType.Bool)
        {
            (left, right) = SameMasks(left, right);
        }

        var type = LaneTypes.Mask(instructions[left].Type.Size);
        return Add(new(VectorCode.Equal + (node.Comparison - Comparison.Equal), type, left, right));
    }

    private int LowerSelect(SelectNode node)
    {
        if (Choice.Of(node) is { } choice)
        {
            return Add(new(choice.Code, TypeOf(node), lowered[choice.Left], lowered[choice.Right]));
        }

        var (condition, whenTrue, whenFalse) = (lowered[node.Condition], lowered[node.WhenTrue], lowered[node.WhenFalse]);
        if (node.Type == DType.Bool)
        {
            (whenTrue, whenFalse) = SameMasks(whenTrue, whenFalse);
        }

        var type = instructions[whenTrue].Type;
        return Add(new(VectorCode.Select, type, AsMask(condition, type.Size), whenTrue, whenFalse));
    }

    private int LowerConvert(int value, DType from, DType to)
    {
        if (to == DType.Bool)
        {
            var type = instructions[value].Type;
            return Add(new(VectorCode.NotEqual, LaneTypes.Mask(type.Size), value, Constant(type, 0)));
        }

        var target = LaneTypes.Of(to);
        if (from == DType.Bool)
        {
            // A mask's bits select those of the number 1.
            var mask = AsMask(value, target.Size);
            var one = Constant(instructions[mask].Type, Scalar.From(to, 1).Bits);
            return Reinterpret(Add(new(VectorCode.And, instructions[mask].Type, mask, one)), target);
        }

        return Add(new(VectorCode.Convert, target, value));
    }

    private (int Left, int Right) SameMasks(int left, int right)
    {
        var size = Math.Min(instructions[left].Type.Size, instructions[right].Type.Size);
        return (AsMask(left, size), AsMask(right, size));
    }

    private int AsMask(int value, int size)
    {
        var type = LaneTypes.Mask(size);
        var instruction = instructions[value];
        return instruction.Type == type ? value
            : instruction.Code == VectorCode.Constant ? Constant(type, instruction.Immediate)
            : Add(new(VectorCode.Convert, type, value));
    }

    private int Reinterpret(int value, LaneType type) =>
        instructions[value].Type == type ? value : Add(new(VectorCode.Reinterpret, type, value));

    private int Constant(LaneType type, long bits) => Add(new(VectorCode.Constant, type, Immediate: bits));

    private int Add(Instruction instruction)
    {
        if (known.TryGetValue(instruction, out var index))
        {
            return index;
        }

        instructions.Add(instruction);
        uniform.Add(instruction.Code != VectorCode.Parameter
            && IsUniform(instruction.A) && IsUniform(instruction.B) && IsUniform(instruction.C));
        known.Add(instruction, instructions.Count - 1);
        return instructions.Count - 1;
    }

    private bool IsUniform(int operand) => operand < 0 || uniform[operand];
}
