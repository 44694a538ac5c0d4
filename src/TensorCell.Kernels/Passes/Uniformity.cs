using System.Collections.ObjectModel;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Finds which values of a grid program are the same in all lanes, which grow by a fixed step from lane to lane, and which can be
/// anything (Karrenberg and Hack, Whole-Function Vectorization, 2011). What it finds of a value holds among the lanes that are active
/// where the value is defined.
/// </summary>
internal sealed class Uniformity
{
    /// <summary>Beyond, a step from lane to lane is of no use and its multiples might not fit.</summary>
    private const long LargestStride = 1 << 20;

    private readonly Dictionary<Node, Variation> variables = new(ReferenceEqualityComparer.Instance);
    private readonly bool isWholeGroup;
    private readonly IReadOnlySet<Node> together;
    private Dictionary<Node, Variation> known = new(ReferenceEqualityComparer.Instance);
    private bool changed;

    private Uniformity(bool isWholeGroup, IReadOnlySet<Node> together) => (this.isWholeGroup, this.together) = (isWholeGroup, together);

    /// <summary>The analysis of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="isWholeGroup">Whether the lanes are all items of a group, rather than a stretch along X.</param>
    /// <param name="together">Values known to be the same in all lanes though what they are computed from is not.</param>
    public static Uniformity Of(GridProgram program, bool isWholeGroup = false, IReadOnlySet<Node>? together = null)
    {
        var uniformity = new Uniformity(isWholeGroup, together ?? ReadOnlySet<Node>.Empty);
        do
        {
            uniformity.changed = false;
            uniformity.known = new(ReferenceEqualityComparer.Instance);
            uniformity.Visit(program.Body);
        }
        while (uniformity.changed);
        return uniformity;
    }

    /// <summary>How a value differs from lane to lane.</summary>
    public Variation Of(Node value)
    {
        if (known.TryGetValue(value, out var found))
        {
            return found;
        }

        foreach (var node in NodeOrder.Of([value]))
        {
            if (!known.ContainsKey(node))
            {
                known.Add(node, Find(node));
            }
        }

        return known[value];
    }

    private Variation Find(Node node) => node switch
    {
        ConstantNode or UniformNode or LengthNode => Variation.Uniform,
        IndexNode index => Of(index),
        VariableNode => variables.GetValueOrDefault(node, Variation.Uniform),
        _ when together.Contains(node) => Variation.Uniform,
        _ => Computed(node),
    };

    private Variation Of(IndexNode index) => index.Kind switch
    {
        IndexKind.Global or IndexKind.Local => isWholeGroup ? Variation.Varying : index.Axis == 0 ? new(1) : Variation.Uniform,
        _ => Variation.Uniform,
    };

    private Variation Computed(Node node)
    {
        if (AllUniform(node))
        {
            return Variation.Uniform;
        }

        if (node.Type is not (DType.Int32 or DType.Int64))
        {
            return Variation.Varying;
        }

        var stride = node switch
        {
            UnaryNode { Operation: UnaryOperation.Negate } unary => -Of(unary.Value).Stride,
            BinaryNode { Operation: BinaryOperation.Add } sum => Of(sum.Left).Stride + Of(sum.Right).Stride,
            BinaryNode { Operation: BinaryOperation.Subtract } difference => Of(difference.Left).Stride - Of(difference.Right).Stride,
            BinaryNode { Operation: BinaryOperation.Multiply, Right: ConstantNode factor } product => Of(product.Left).Stride * Small(factor),
            BinaryNode { Operation: BinaryOperation.Multiply, Left: ConstantNode factor } product => Of(product.Right).Stride * Small(factor),
            BinaryNode { Operation: BinaryOperation.ShiftLeft, Right: ConstantNode { Value.Bits: >= 0 and < 20 } by } shift =>
                Of(shift.Left).Stride * (1L << (int)by.Value.Bits),
            // An index never wraps, so that widening it is exact; a sum might.
            ConvertNode { Value: IndexNode index } => Of(index).Stride,
            ConvertNode { Value.Type: DType.Int64 } narrowed when node.Type == DType.Int32 => Of(narrowed.Value).Stride,
            SelectNode select when Of(select.Condition).IsUniform => Meet(Of(select.WhenTrue), Of(select.WhenFalse)).Stride,
            _ => null,
        };
        return stride is >= -LargestStride and <= LargestStride ? new(stride) : Variation.Varying;
    }

    private static long? Small(ConstantNode factor) => factor.Value.Bits is >= -LargestStride and <= LargestStride ? factor.Value.Bits : null;

    private bool AllUniform(Node node)
    {
        for (var i = 0; i < node.OperandCount; i++)
        {
            if (!Of(node.Operand(i)).IsUniform)
            {
                return false;
            }
        }

        return true;
    }

    private static Variation Meet(Variation first, Variation second) => first == second ? first : Variation.Varying;

    private void Define(VariableNode variable, Variation variation)
    {
        if (!variables.TryGetValue(variable, out var before))
        {
            variables.Add(variable, variation);
            known[variable] = variation;
        }
        else if (before != variation && !before.IsVarying)
        {
            variables[variable] = Meet(before, variation);
            changed = true;
        }
    }

    private void Visit(Region region)
    {
        foreach (var statement in region.Statements)
        {
            Visit(statement);
        }
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case LetStatement let:
                Define(let.Result, AllUniform(let.Value) ? Variation.Uniform : Variation.Varying);
                break;
            case LoadStatement load:
                Define(load.Result, load.Indices.All(index => Of(index).IsUniform) ? Variation.Uniform : Variation.Varying);
                break;
            case AtomicStatement { Old: { } old }:
                Define(old, Variation.Varying);
                break;
            case IfStatement branch:
                Visit(branch.Then);
                Visit(branch.Else);
                var isUniform = Of(branch.Condition).IsUniform;
                for (var i = 0; i < branch.Results.Length; i++)
                {
                    Define(branch.Results[i], isUniform ? Meet(Of(branch.ThenValues[i]), Of(branch.ElseValues[i])) : Variation.Varying);
                }

                break;
            case LoopStatement loop:
                for (var i = 0; i < loop.Carried.Length; i++)
                {
                    Define(loop.Carried[i], Of(loop.Initial[i]));
                }

                Visit(loop.Body);
                for (var i = 0; i < loop.Carried.Length; i++)
                {
                    Define(loop.Carried[i], Of(loop.Next[i]));
                }

                // Lanes that leave in different turns take different values along, even of what is uniform in each turn.
                var leaveTogether = Of(loop.Repeat).IsUniform;
                for (var i = 0; i < loop.Results.Length; i++)
                {
                    Define(loop.Results[i], leaveTogether ? Of(loop.ResultValues[i]) : Variation.Varying);
                }

                break;
        }
    }
}
