using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Finds the accesses of a launch whose indices are within range whatever the data: interval analysis with the launch's own extents,
/// lengths and integers, branches narrowing what they ask about (Cousot and Cousot, Abstract Interpretation, 1977).
/// </summary>
internal sealed class Ranges
{
    /// <summary>The most numbers of a program that bounds are guessed from.</summary>
    private const int MaximumLandmarks = 64;

    /// <summary>How often the bounds of a loop are widened from one number to the next; then they skip twice as many at each turn.</summary>
    private const int PatientTurns = 6;

    private readonly GridProgram program;
    private readonly Func<ViewOperand, int, int> length;
    private readonly Func<int, Scalar> uniform;
    private readonly int[] extent;
    private readonly Interval? along;
    private readonly Dictionary<Statement, bool> accesses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Interval> variables = new(ReferenceEqualityComparer.Instance);
    private Dictionary<Node, Interval> known = new(ReferenceEqualityComparer.Instance);
    private Dictionary<Node, Interval> narrowed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, (Node Condition, Node Then, Node Else)> choices = new(ReferenceEqualityComparer.Instance);
    private long[] landmarks = [];
    private bool isFinal = true;

    private Ranges(GridProgram program, int[] extent, Func<ViewOperand, int, int> length, Func<int, Scalar> uniform, Interval? along) =>
        (this.program, this.extent, this.length, this.uniform, this.along) = (program, extent, length, uniform, along);

    /// <summary>The loads, stores and atomics that need no check.</summary>
    /// <param name="program">The program, its values optimised, so that equal ones are one.</param>
    /// <param name="extent">Items along X, Y and Z.</param>
    /// <param name="length">The extent of a view along a dimension.</param>
    /// <param name="uniform">The value of a uniform.</param>
    /// <param name="along">The items along X that are run, of a program without groups; null for all.</param>
    public static HashSet<Statement> Safe(
        GridProgram program, int[] extent, Func<ViewOperand, int, int> length, Func<int, Scalar> uniform, Interval? along = null)
    {
        var ranges = new Ranges(program, extent, length, uniform, along);
        ranges.landmarks = ranges.FindLandmarks();
        ranges.Run(program.Body);
        return [.. ranges.accesses.Where(pair => pair.Value).Select(pair => pair.Key)];
    }

    private void Run(Region region)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    variables[let.Result] = Evaluate(let.Value);
                    break;
                case LoadStatement load:
                    Access(load, load.Source, load.Indices.AsSpan());
                    variables[load.Result] = Interval.Of(load.Source.Storage);
                    break;
                case StoreStatement store:
                    Access(store, store.Target, store.Indices.AsSpan());
                    break;
                case AtomicStatement atomic:
                    Access(atomic, atomic.Target, atomic.Indices.AsSpan());
                    if (atomic.Old is { } old)
                    {
                        variables[old] = Interval.Of(old.Type);
                    }

                    break;
                case IfStatement branch:
                    RunIf(branch);
                    break;
                case LoopStatement loop:
                    RunLoop(loop);
                    break;
            }
        }
    }

    private void Access(Statement statement, MemoryOperand memory, ReadOnlySpan<Node> indices)
    {
        if (!isFinal)
        {
            return;
        }

        var isSafe = true;
        for (var d = 0; d < indices.Length; d++)
        {
            var bound = memory is ViewOperand view ? length(view, d) : ((SharedOperand)memory).Lengths[d];
            isSafe &= new Interval(0, bound - 1).Contains(Evaluate(indices[d]));
        }

        accesses[statement] = isSafe;
    }

    private void RunIf(IfStatement branch)
    {
        Evaluate(branch.Condition);
        var results = new Interval[branch.Results.Length];
        Under(branch.Condition, true, () =>
        {
            Run(branch.Then);
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = Evaluate(branch.ThenValues[i]);
            }
        });
        Under(branch.Condition, false, () =>
        {
            Run(branch.Else);
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = results[i].Join(Evaluate(branch.ElseValues[i]));
            }
        });
        for (var i = 0; i < results.Length; i++)
        {
            variables[branch.Results[i]] = results[i];
            choices[branch.Results[i]] = (branch.Condition, branch.ThenValues[i], branch.ElseValues[i]);
        }
    }

    private void RunLoop(LoopStatement loop)
    {
        Interval[] initial = [.. loop.Initial.Select(Evaluate)];
        var current = initial;
        var wasFinal = isFinal;
        isFinal = false;
        var isStable = false;
        for (var turn = 0; !isStable; turn++)
        {
            var joined = Turn(loop, current).Select((next, i) => next.Join(initial[i])).ToArray();
            isStable = joined.Select((next, i) => current[i].Contains(next)).All(holds => holds);
            if (!isStable)
            {
                var skipped = turn < PatientTurns ? 0 : 1 << Math.Min(turn - PatientTurns, 20);
                current = [.. joined.Select((next, i) => Widen(current[i], next, loop.Carried[i].Type, skipped))];
            }
        }

        // What was widened too far comes back to what a turn leaves.
        for (var turn = 0; turn < 2; turn++)
        {
            current = [.. Turn(loop, current).Select((next, i) => next.Join(initial[i]).Meet(current[i]))];
        }

        isFinal = wasFinal;
        Turn(loop, current);
        for (var i = 0; i < loop.Results.Length; i++)
        {
            variables[loop.Results[i]] = Evaluate(loop.ResultValues[i]);
        }

        Forget();
    }

    /// <summary>What a turn leaves in the carried values for the next.</summary>
    private Interval[] Turn(LoopStatement loop, Interval[] carried)
    {
        Forget();
        for (var i = 0; i < carried.Length; i++)
        {
            variables[loop.Carried[i]] = carried[i];
        }

        Run(loop.Body);
        Interval[] next = [];
        Under(loop.Repeat, true, () => next = [.. loop.Next.Select(Evaluate)]);
        return next;
    }

    /// <summary>
    /// Where a bound still moves, the next number of the program that it may stop at, but for some that are skipped: were it taken to have
    /// none, sums would wrap, and conditions that stop it would tell nothing.
    /// </summary>
    private Interval Widen(Interval before, Interval now, DType type, int skipped)
    {
        var all = Interval.Of(type);
        var low = now.Low >= before.Low ? before.Low : landmarks.Reverse().Where(mark => mark <= now.Low && mark >= all.Low).Skip(skipped).FirstOrDefault(all.Low);
        var high = now.High <= before.High ? before.High : landmarks.Where(mark => mark >= now.High && mark <= all.High).Skip(skipped).FirstOrDefault(all.High);
        return new(low, high);
    }

    private long[] FindLandmarks()
    {
        var marks = new SortedSet<long> { -1, 0, 1 };
        foreach (var node in NodeOrder.Of([.. program.Roots]))
        {
            long? number = node switch
            {
                ConstantNode { Type: DType.Int32 or DType.Int64 } constant => constant.Value.Bits,
                UniformNode { Type: DType.Int32 or DType.Int64 } given => uniform(given.Index).Bits,
                LengthNode asked => length(asked.View, asked.Dimension),
                IndexNode { Kind: IndexKind.Extent } index => extent[index.Axis],
                _ => null,
            };
            if (number is > long.MinValue and < long.MaxValue && marks.Count < MaximumLandmarks)
            {
                marks.UnionWith([number.Value - 1, number.Value, number.Value + 1]);
            }
        }

        return [.. marks];
    }

    /// <summary>What was computed from variables that now hold others.</summary>
    private void Forget() => known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Runs something where a condition is known to hold, or not to.</summary>
    private void Under(Node condition, bool holds, Action action)
    {
        var (values, limits) = (known, narrowed);
        narrowed = new(limits, ReferenceEqualityComparer.Instance);
        // What is assumed must stay out of what is known outside, and what it follows from was found before it was assumed.
        Forget();
        Assume(condition, holds);
        Forget();
        action();
        (known, narrowed) = (values, limits);
    }

    private void Assume(Node condition, bool holds)
    {
        switch (condition)
        {
            case UnaryNode { Operation: UnaryOperation.Not } not:
                Assume(not.Value, !holds);
                break;
            case BinaryNode { Operation: BinaryOperation.And } both when holds:
                Assume(both.Left, true);
                Assume(both.Right, true);
                break;
            case BinaryNode { Operation: BinaryOperation.Or } either when !holds:
                Assume(either.Left, false);
                Assume(either.Right, false);
                break;
            // Of a branch's result that one side cannot give, the other side ran.
            case VariableNode when choices.TryGetValue(condition, out var choice):
                if (choice.Else is ConstantNode other && other.Value.AsBoolean != holds)
                {
                    Assume(choice.Condition, true);
                    Assume(choice.Then, holds);
                }
                else if (choice.Then is ConstantNode taken && taken.Value.AsBoolean != holds)
                {
                    Assume(choice.Condition, false);
                    Assume(choice.Else, holds);
                }

                break;
            case CompareNode { Left.Type: DType.Int32 or DType.Int64 } compare:
                Assume(holds ? compare.Comparison : compare.Comparison.Opposite, compare.Left, compare.Right);
                break;
        }
    }

    private void Assume(Comparison comparison, Node left, Node right)
    {
        if (comparison is Comparison.Less or Comparison.LessOrEqual && Unsigned(left) is { } small && Unsigned(right) is { } great
            && Evaluate(great) is { Low: >= 0, High: var most })
        {
            Narrow(small, new(0, comparison == Comparison.Less ? most - 1 : most));
            return;
        }

        var (x, y) = (Evaluate(left), Evaluate(right));
        switch (comparison)
        {
            case Comparison.Equal:
                Narrow(left, y);
                Narrow(right, x);
                break;
            case Comparison.Less when y.High > long.MinValue && x.Low < long.MaxValue:
                Narrow(left, new(long.MinValue, y.High - 1));
                Narrow(right, new(x.Low + 1, long.MaxValue));
                break;
            case Comparison.LessOrEqual:
                Narrow(left, new(long.MinValue, y.High));
                Narrow(right, new(x.Low, long.MaxValue));
                break;
            case Comparison.Greater or Comparison.GreaterOrEqual:
                Assume(comparison == Comparison.Greater ? Comparison.Less : Comparison.LessOrEqual, right, left);
                break;
            case Comparison.NotEqual when y.Low == y.High && (x.Low == y.Low || x.High == y.Low):
                Narrow(left, x.Low == y.Low ? new(x.Low + 1, x.High) : new(x.Low, x.High - 1));
                break;
        }
    }

    /// <summary>The value that a signed comparison takes as unsigned, by flipping its sign bit; null if it does not.</summary>
    private static Node? Unsigned(Node node) => node switch
    {
        BinaryNode { Operation: BinaryOperation.Xor, Right: ConstantNode { Value: var sign } } flipped
            when sign == Scalar.SignBit(node.Type) => flipped.Left,
        ConstantNode constant when constant.Value.Bits < 0 => Node.Constant(
            constant.Value with { Bits = constant.Value.Bits ^ Scalar.SignBit(node.Type).Bits }),
        _ => null,
    };

    private void Narrow(Node node, Interval limit)
    {
        if (node is ConstantNode)
        {
            return;
        }

        var met = Evaluate(node).Meet(limit);
        narrowed[node] = met;
        known[node] = met;
        switch (node)
        {
            // Sums of one number wrap to one number: where none of those that are left come from beyond the type, they tell the operand.
            case BinaryNode { Operation: BinaryOperation.Add, Right: ConstantNode by } sum:
                Narrow(sum.Left, Interval.Corners(met, Interval.Of(by.Value.Bits), node.Type, (x, y) => x - y));
                break;
            case BinaryNode { Operation: BinaryOperation.Subtract, Right: ConstantNode by } difference:
                Narrow(difference.Left, Interval.Corners(met, Interval.Of(by.Value.Bits), node.Type, (x, y) => x + y));
                break;
            case ConvertNode { Type: DType.Int64, Value.Type: DType.Int32 } wide:
                Narrow(wide.Value, met);
                break;
        }
    }

    private Interval Evaluate(Node root)
    {
        if (known.TryGetValue(root, out var found))
        {
            return found;
        }

        foreach (var node in NodeOrder.Of([root]))
        {
            if (known.ContainsKey(node))
            {
                continue;
            }

            var value = node.Type.IsFloatingPoint ? Interval.Of(DType.Int64) : Of(node);
            known[node] = narrowed.TryGetValue(node, out var limit) ? value.Meet(limit) : value;
        }

        return known[root];
    }

    private Interval Of(Node node) => node switch
    {
        ConstantNode constant => Interval.Of(constant.Value.Bits),
        VariableNode => variables.TryGetValue(node, out var value) ? value : Interval.Of(node.Type),
        UniformNode given => Interval.Of(uniform(given.Index).Bits),
        LengthNode asked => Interval.Of(length(asked.View, asked.Dimension)),
        IndexNode index => Of(index),
        SelectNode select => known[select.WhenTrue].Join(known[select.WhenFalse]),
        ConvertNode convert when !convert.Value.Type.IsFloatingPoint => Interval.Of(node.Type).Contains(known[convert.Value])
            ? known[convert.Value]
            : Interval.Of(node.Type),
        UnaryNode { Operation: UnaryOperation.Negate } negated => Interval.Corners(
            Interval.Of(0L), known[negated.Value], node.Type, (x, y) => x - y),
        UnaryNode { Operation: UnaryOperation.PopCount or UnaryOperation.LeadingZeroCount } => new(0, node.Type.Size * 8),
        UnaryNode { Operation: UnaryOperation.Abs } magnitude when known[magnitude.Value].Low > Interval.Of(node.Type).Low => Magnitude(known[magnitude.Value]),
        BinaryNode binary => Of(binary, known[binary.Left], known[binary.Right]),
        _ => Interval.Of(node.Type),
    };

    private static Interval Magnitude(Interval x) => x.IsEmpty
        ? x
        : new(x.Low > 0 ? x.Low : x.High < 0 ? -x.High : 0, Math.Max(Math.Abs(x.Low), Math.Abs(x.High)));

    private Interval Of(IndexNode index)
    {
        var size = program.GroupExtents.IsEmpty ? 1 : program.GroupExtents[index.Axis];
        var count = extent[index.Axis];
        var groups = (int)(((long)count + size - 1) / size);
        return index.Kind switch
        {
            IndexKind.Global => index.Axis == 0 && along is { } stretch ? stretch : new(0, ((long)groups * size) - 1),
            IndexKind.Extent => Interval.Of(count),
            IndexKind.Local => new(0, size - 1),
            IndexKind.Group => new(0, groups - 1),
            _ => Interval.Of(groups),
        };
    }

    private static Interval Of(BinaryNode node, Interval x, Interval y)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            return new(1, 0);
        }

        var type = node.Type;
        var all = Interval.Of(type);
        switch (node.Operation)
        {
            case BinaryOperation.Add:
                return Interval.Corners(x, y, type, (a, b) => a + b);
            case BinaryOperation.Subtract:
                return Interval.Corners(x, y, type, (a, b) => a - b);
            case BinaryOperation.Multiply:
                return Interval.Corners(x, y, type, (a, b) => a * b);
            case BinaryOperation.Min:
                return new(Math.Min(x.Low, y.Low), Math.Min(x.High, y.High));
            case BinaryOperation.Max:
                return new(Math.Max(x.Low, y.Low), Math.Max(x.High, y.High));
            case BinaryOperation.Divide or BinaryOperation.DivideUnsigned when y.Low > 0 && (x.Low >= 0 || node.Operation == BinaryOperation.Divide):
                return Interval.Corners(x, y, type, (a, b) => a / b);
            case BinaryOperation.Remainder or BinaryOperation.RemainderUnsigned when y.Low > 0 && (x.Low >= 0 || node.Operation == BinaryOperation.Remainder):
                var most = (long)Int128.Min(y.High - 1, Int128.Max(-(Int128)x.Low, x.High));
                return new(x.Low < 0 ? -most : 0, x.High > 0 ? most : 0);
            case BinaryOperation.RemainderUnsigned when y.Low > 0:
                return new(0, y.High - 1);
            case BinaryOperation.And when type != DType.Bool && (x.Low >= 0 || y.Low >= 0):
                return new(0, x.Low >= 0 && y.Low >= 0 ? Math.Min(x.High, y.High) : x.Low >= 0 ? x.High : y.High);
            case BinaryOperation.Or or BinaryOperation.Xor when type != DType.Bool && x.Low >= 0 && y.Low >= 0:
                return new(0, (long)(System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(x.High, y.High) + 1) - 1));
            case BinaryOperation.ShiftRight when y.Low == y.High && y.Low >= 0 && y.Low < type.Size * 8:
                return new(x.Low >> (int)y.Low, x.High >> (int)y.Low);
            case BinaryOperation.ShiftRightLogical when y.Low == y.High && y.Low > 0 && y.Low < type.Size * 8:
                return x.Low >= 0 ? new(x.Low >> (int)y.Low, x.High >> (int)y.Low) : new(0, (long)(ulong.MaxValue >> (int)(64 - (type.Size * 8) + y.Low)));
            case BinaryOperation.ShiftLeft when y.Low == y.High && y.Low >= 0 && y.Low < 31:
                return Interval.Corners(x, Interval.Of(1L << (int)y.Low), type, (a, b) => a * b);
            default:
                return all;
        }
    }
}
