using System.Numerics;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Finds, with the integers of a launch, which comparisons of a program with groups give all items of an aligned run the same answer: those
/// of an index that grows by one from item to item with a limit, where both are multiples of the run's length (Granger, Static Analysis of
/// Arithmetical Congruences, 1989, of powers of two only).
/// </summary>
internal sealed class Alignment
{
    /// <summary>Longer runs are not told apart.</summary>
    private const int MostBits = 6;

    /// <summary>Shorter runs are of no use: a vector has up to 16 lanes.</summary>
    private const int LeastBits = 4;

    private readonly GridProgram program;
    private readonly Func<Node, long?> number;
    private readonly Dictionary<Node, int> variables = new(ReferenceEqualityComparer.Instance);
    private Dictionary<Node, int> known = new(ReferenceEqualityComparer.Instance);
    private bool changed;

    private Alignment(GridProgram program, Func<Node, long?> number) => (this.program, this.number) = (program, number);

    /// <summary>The comparisons, and the length of the runs that they are the same in, at least 16 items.</summary>
    /// <param name="program">The program.</param>
    /// <param name="number">The value of a uniform, a length or an extent in the launch.</param>
    public static (HashSet<Node> Comparisons, int Items) Of(GridProgram program, Func<Node, long?> number)
    {
        var alignment = new Alignment(program, number);
        do
        {
            alignment.changed = false;
            alignment.known = new(ReferenceEqualityComparer.Instance);
            alignment.Visit(program.Body);
        }
        while (alignment.changed);
        var uniformity = Uniformity.Of(program);
        var (found, bits) = (new HashSet<Node>(ReferenceEqualityComparer.Instance), MostBits);
        foreach (var compare in NodeOrder.Of([.. program.Roots]).OfType<CompareNode>())
        {
            var (first, second) = compare.Comparison switch
            {
                Comparison.Less or Comparison.GreaterOrEqual => (compare.Left, compare.Right),
                Comparison.Greater or Comparison.LessOrEqual => (compare.Right, compare.Left),
                _ => (null, null),
            };
            if (first is { Type: DType.Int32 or DType.Int64 } && uniformity.Of(first).Stride == 1 && uniformity.Of(second!).IsUniform
                && Math.Min(alignment.Bits(first), alignment.Bits(second!)) is >= LeastBits and var both)
            {
                found.Add(compare);
                bits = Math.Min(bits, both);
            }
        }

        return (found, 1 << bits);
    }

    private void Visit(Region region)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    Define(let.Result, Bits(let.Value));
                    break;
                case LoadStatement load:
                    Define(load.Result, 0);
                    break;
                case AtomicStatement { Old: { } old }:
                    Define(old, 0);
                    break;
                case IfStatement branch:
                    Visit(branch.Then);
                    Visit(branch.Else);
                    for (var i = 0; i < branch.Results.Length; i++)
                    {
                        Define(branch.Results[i], Math.Min(Bits(branch.ThenValues[i]), Bits(branch.ElseValues[i])));
                    }

                    break;
                case LoopStatement loop:
                    DefineAll(loop.Carried, loop.Initial);
                    Visit(loop.Body);
                    DefineAll(loop.Carried, loop.Next);
                    DefineAll(loop.Results, loop.ResultValues);
                    break;
            }
        }
    }

    private void DefineAll(IReadOnlyList<VariableNode> targets, IReadOnlyList<Node> sources)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            Define(targets[i], Bits(sources[i]));
        }
    }

    private void Define(VariableNode variable, int bits)
    {
        if (!variables.TryGetValue(variable, out var before) || bits < before)
        {
            changed |= variables.ContainsKey(variable);
            variables[variable] = bits;
            known[variable] = bits;
        }
    }

    /// <summary>How many of a value's lowest bits are 0 in the first item of a run.</summary>
    private int Bits(Node root)
    {
        if (known.TryGetValue(root, out var found))
        {
            return found;
        }

        foreach (var node in NodeOrder.Of([root]))
        {
            if (!known.ContainsKey(node))
            {
                known.Add(node, node.Type is DType.Int32 or DType.Int64 ? Find(node) : 0);
            }
        }

        return known[root];
    }

    private int Find(Node node) => node switch
    {
        ConstantNode constant => Zeros(constant.Value.Bits),
        VariableNode => variables.GetValueOrDefault(node, MostBits),
        IndexNode { Kind: IndexKind.Local, Axis: 0 } => MostBits,
        IndexNode { Kind: IndexKind.Global, Axis: 0 } => Zeros(program.GroupExtents[0]),
        ConvertNode { Value.Type: DType.Int32 or DType.Int64 } convert => known[convert.Value],
        UnaryNode { Operation: UnaryOperation.Negate } negated => known[negated.Value],
        SelectNode select => Math.Min(known[select.WhenTrue], known[select.WhenFalse]),
        BinaryNode binary => Find(binary, known[binary.Left], known[binary.Right]),
        _ => number(node) is { } value ? Zeros(value) : 0,
    };

    private static int Find(BinaryNode node, int left, int right) => node.Operation switch
    {
        BinaryOperation.Add or BinaryOperation.Subtract or BinaryOperation.Min or BinaryOperation.Max or BinaryOperation.Or or BinaryOperation.Xor =>
            Math.Min(left, right),
        BinaryOperation.Multiply => Math.Min(MostBits, left + right),
        BinaryOperation.And => Math.Max(left, right),
        BinaryOperation.ShiftLeft => left,
        BinaryOperation.Divide when node.Right is ConstantNode { Value.Bits: > 0 and var by } && BitOperations.IsPow2(by) =>
            Math.Max(0, left - BitOperations.TrailingZeroCount(by)),
        BinaryOperation.ShiftRight when node.Right is ConstantNode { Value.Bits: >= 0 and < 32 and var by } => Math.Max(0, left - (int)by),
        _ => 0,
    };

    private static int Zeros(long value) => value == 0 ? MostBits : Math.Min(MostBits, BitOperations.TrailingZeroCount(value));
}
