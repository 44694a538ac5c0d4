using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// The stretch along X that a launch's guards leave plain: what asks where an item lies (x == 0), clamps an index (max(x - 1, 0)) or wraps it
/// ((x + 1) % width) says the same for all items but those near an end. There a program needs neither masks nor gathers; the ends are left
/// to code for the whole program (index-set splitting; Griebl, Feautrier and Lengauer, 2000).
/// </summary>
internal sealed class Interior
{
    /// <summary>The part of the space that may be left to the ends.</summary>
    private const int LargestPart = 8;

    /// <summary>Shorter stretches are not worth code of their own.</summary>
    private const int LeastItems = 128;

    private readonly Func<Node, long?> given;
    private readonly List<Node> order;
    private readonly Dictionary<Node, BinaryNode> divisions;
    private readonly byte[] choices;
    private readonly int extent;
    private readonly Dictionary<Node, long> shifts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, bool> truths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, long?> numbers = new(ReferenceEqualityComparer.Instance);
    private long low;
    private long high;

    private Interior(GridProgram program, int extent, Func<Node, long?> given)
    {
        (order, this.extent, this.given) = (Order(program), extent, given);
        high = extent;
        divisions = Divisions(program);
        choices = new byte[order.Count];
    }

    private enum Choice : byte
    {
        /// <summary>It stays as it is.</summary>
        None,

        /// <summary>It is true.</summary>
        True,

        /// <summary>It is false.</summary>
        False,

        /// <summary>It is its left operand.</summary>
        Left,

        /// <summary>It is its right operand.</summary>
        Right,

        /// <summary>It is its left operand less its right one.</summary>
        Difference,
    }

    /// <summary>Finds the stretch.</summary>
    /// <param name="program">The program, without groups.</param>
    /// <param name="extent">Items along X.</param>
    /// <param name="given">The value of a uniform, a length or an extent in the launch.</param>
    /// <returns>What is chosen for each value, the same for the same choices; and from which item on to before which they hold. Null if nothing is.</returns>
    public static (string Choices, int Low, int High)? Find(GridProgram program, int extent, Func<Node, long?> given)
    {
        if (extent < LeastItems)
        {
            return null;
        }

        var interior = new Interior(program, extent, given);
        interior.Visit();
        return interior.high - interior.low >= LeastItems && Array.Exists(interior.choices, choice => choice != (byte)Choice.None)
            ? (string.Create(interior.choices.Length, interior.choices, (text, from) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = (char)from[i];
                }
            }), (int)interior.low, (int)interior.high)
            : null;
    }

    /// <summary>The program as it is within the stretch.</summary>
    public static GridProgram Apply(GridProgram program, string choices)
    {
        var (order, divisions) = (Order(program), Divisions(program));
        var chosen = new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < order.Count; i++)
        {
            switch ((Choice)choices[i])
            {
                case Choice.True or Choice.False:
                    chosen.Add(order[i], Node.Constant(choices[i] == (char)Choice.True));
                    break;
                case Choice.Left:
                    chosen.Add(order[i], (divisions.TryGetValue(order[i], out var division) ? division : (BinaryNode)order[i]).Left);
                    break;
                case Choice.Difference:
                    chosen.Add(order[i], Node.Binary(BinaryOperation.Subtract, divisions[order[i]].Left, divisions[order[i]].Right));
                    break;
                case Choice.Right:
                    chosen.Add(order[i], ((BinaryNode)order[i]).Right);
                    break;
            }
        }

        return GridOptimizer.Again(new ChoosingRewriter(chosen).Rewrite(program));
    }

    private static List<Node> Order(GridProgram program) => NodeOrder.Of([.. program.Roots]);

    private static Dictionary<Node, BinaryNode> Divisions(GridProgram program) => program.Body.Descendants().OfType<LetStatement>()
        .ToDictionary<LetStatement, Node, BinaryNode>(let => let.Result, let => let.Value, ReferenceEqualityComparer.Instance);

    private void Visit()
    {
        for (var i = 0; i < order.Count; i++)
        {
            choices[i] = (byte)Choose(order[i]);
        }
    }

    private Choice Choose(Node node)
    {
        switch (node)
        {
            case IndexNode { Kind: IndexKind.Global, Axis: 0 }:
                shifts.Add(node, 0);
                break;
            case VariableNode when divisions.TryGetValue(node, out var division):
                return Remain(node, division);
            case CompareNode { Left.Type: DType.Int32 or DType.Int64 } compare when Compare(compare) is { } holds:
                truths.Add(node, holds);
                return holds ? Choice.True : Choice.False;
            case UnaryNode { Operation: UnaryOperation.Not, Type: DType.Bool } not when truths.TryGetValue(not.Value, out var value):
                truths.Add(node, !value);
                break;
            case BinaryNode { Operation: BinaryOperation.And or BinaryOperation.Or, Type: DType.Bool } both:
                Combine(both);
                break;
            case SelectNode select when truths.TryGetValue(select.Condition, out var isTrue):
                Follow(node, isTrue ? select.WhenTrue : select.WhenFalse);
                break;
            case ConvertNode { Type: DType.Int64, Value.Type: DType.Int32 } convert:
                Follow(node, convert.Value);
                break;
            case BinaryNode { Type: DType.Int32 or DType.Int64 } binary:
                return Choose(binary);
        }

        return Choice.None;
    }

    private Choice Choose(BinaryNode node)
    {
        switch (node.Operation)
        {
            case BinaryOperation.Add when Shift(node.Left) is { } left && Number(node.Right) is { } by:
                Shift(node, left + by);
                break;
            case BinaryOperation.Add when Number(node.Left) is { } by && Shift(node.Right) is { } right:
                Shift(node, right + by);
                break;
            case BinaryOperation.Subtract when Shift(node.Left) is { } left && Number(node.Right) is { } by:
                Shift(node, left - by);
                break;
            case BinaryOperation.Min or BinaryOperation.Max:
                var (shift, limit, mine, other) = Shift(node.Left) is { } first && Number(node.Right) is { } second
                    ? (first, second, Choice.Left, Choice.Right)
                    : Shift(node.Right) is { } third && Number(node.Left) is { } fourth ? (third, fourth, Choice.Right, Choice.Left) : default;
                if (mine == Choice.None || Split(limit - shift + (node.Operation == BinaryOperation.Min ? 1 : 0)) is not { } isBelow)
                {
                    break;
                }

                if (isBelow != (node.Operation == BinaryOperation.Min))
                {
                    return other;
                }

                shifts.Add(node, shift);
                return mine;
        }

        return Choice.None;
    }

    /// <summary>What remains of X plus a number is that sum itself, for items that do not wrap.</summary>
    private Choice Remain(Node node, BinaryNode division)
    {
        if (division.Operation != BinaryOperation.Remainder || Shift(division.Left) is not { } shift || Number(division.Right) is not (> 0 and var count))
        {
            return Choice.None;
        }

        // An index that goes back is mostly made positive first, by adding the length.
        foreach (var (least, choice) in ((long, Choice)[])[(0, Choice.Left), (count, Choice.Difference)])
        {
            var (from, to) = (Math.Max(low, least - shift), Math.Min(high, least + count - shift));
            if (IsWorth(from, to))
            {
                (low, high) = (from, to);
                shifts.Add(node, shift - least);
                return choice;
            }
        }

        return Choice.None;
    }

    private bool? Compare(CompareNode node)
    {
        var comparison = node.Comparison;
        if (Shift(node.Left) is not { } shift || Number(node.Right) is not { } limit)
        {
            if (Number(node.Left) is not { } first || Shift(node.Right) is not { } second)
            {
                return null;
            }

            (shift, limit) = (second, first);
            comparison = comparison switch
            {
                Comparison.Less => Comparison.Greater,
                Comparison.LessOrEqual => Comparison.GreaterOrEqual,
                Comparison.Greater => Comparison.Less,
                Comparison.GreaterOrEqual => Comparison.LessOrEqual,
                _ => comparison,
            };
        }

        var place = limit - shift;
        return comparison switch
        {
            Comparison.Less => Split(place),
            Comparison.LessOrEqual => Split(place + 1),
            Comparison.GreaterOrEqual => !Split(place),
            Comparison.Greater => !Split(place + 1),
            _ when Avoid(place) => comparison == Comparison.NotEqual,
            _ => null,
        };
    }

    /// <summary>Keeps the larger side of a place, where the other is small: whether that is the side below it, or null.</summary>
    private bool? Split(long place)
    {
        var (below, above) = ((From: low, To: Math.Min(high, place)), (From: Math.Max(low, place), To: high));
        var isBelow = below.To - below.From >= above.To - above.From;
        var (from, to) = isBelow ? below : above;
        if (!IsWorth(from, to))
        {
            return null;
        }

        (low, high) = (from, to);
        return isBelow;
    }

    /// <summary>Leaves out a place.</summary>
    private bool Avoid(long place)
    {
        if (place < low || place >= high)
        {
            return true;
        }

        var (from, to) = place - low >= high - place - 1 ? (low, place) : (place + 1, high);
        if (!IsWorth(from, to))
        {
            return false;
        }

        (low, high) = (from, to);
        return true;
    }

    /// <summary>Whether a part of the stretch, or all of it, is large enough to go on with.</summary>
    private bool IsWorth(long from, long to) => to - from == high - low
        || (to - from >= LeastItems && extent - (to - from) <= Math.Max(extent / LargestPart, LeastItems / 2));

    private void Combine(BinaryNode node)
    {
        var absorbing = node.Operation == BinaryOperation.Or;
        var (isLeftKnown, isRightKnown) = (truths.TryGetValue(node.Left, out var left), truths.TryGetValue(node.Right, out var right));
        if ((isLeftKnown && left == absorbing) || (isRightKnown && right == absorbing))
        {
            truths.Add(node, absorbing);
        }
        else if (isLeftKnown && isRightKnown)
        {
            truths.Add(node, !absorbing);
        }
    }

    private void Follow(Node node, Node value)
    {
        if (Shift(value) is { } shift)
        {
            Shift(node, shift);
        }
    }

    private long? Shift(Node node) => shifts.TryGetValue(node, out var shift) ? shift : null;

    /// <summary>Says that a value is X plus a number, unless that might wrap.</summary>
    private void Shift(Node node, long shift)
    {
        if (shift is > int.MinValue and < int.MaxValue && Interval.Of(node.Type).Contains(new(low + shift, high + shift)))
        {
            shifts.Add(node, shift);
        }
    }

    /// <summary>The value, if it is the same for all items of the launch, known, and no larger than indices are.</summary>
    private long? Number(Node root)
    {
        if (numbers.TryGetValue(root, out var known))
        {
            return known;
        }

        foreach (var node in NodeOrder.Of([root]))
        {
            if (!numbers.ContainsKey(node))
            {
                numbers.Add(node, node.Type is DType.Int32 or DType.Int64 && Of(node) is >= int.MinValue and <= int.MaxValue and var value ? value : null);
            }
        }

        return numbers[root];
    }

    private long? Of(Node node) => node switch
    {
        ConstantNode constant => constant.Value.Bits,
        ConvertNode convert => numbers[convert.Value],
        BinaryNode binary when (numbers[binary.Left], numbers[binary.Right]) is ({ } left, { } right) => binary.Operation switch
        {
            BinaryOperation.Add => left + right,
            BinaryOperation.Subtract => left - right,
            BinaryOperation.Multiply => left * right,
            BinaryOperation.Min => Math.Min(left, right),
            BinaryOperation.Max => Math.Max(left, right),
            BinaryOperation.Divide when right > 0 => left / right,
            _ => null,
        },
        { OperandCount: 0 } => given(node),
        _ => null,
    };

    /// <summary>Puts what was chosen in place of values, those that are chosen rewritten in turn.</summary>
    private sealed class ChoosingRewriter(Dictionary<Node, Node> chosen) : GridRewriter
    {
        public override Node Rewrite(Node root)
        {
            foreach (var node in NodeOrder.Of([root]))
            {
                if (chosen.Remove(node, out var value))
                {
                    Substitute(node, base.Rewrite(value));
                }
            }

            return base.Rewrite(root);
        }

        protected override void Append(Statement statement, Region target)
        {
            if (statement is LetStatement let && chosen.Remove(let.Result, out var value))
            {
                Substitute(let.Result, Rewrite(value));
            }
            else
            {
                base.Append(statement, target);
            }
        }
    }
}
