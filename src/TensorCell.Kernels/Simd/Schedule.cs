namespace TensorCell.Kernels.Simd;

/// <summary>
/// An order of evaluation that keeps few values alive, and an assignment of values to reused local variables. The runtime's compiler
/// spills when every value has a variable of its own; few variables, each reused, stay in registers.
/// </summary>
internal sealed class Schedule
{
    private readonly VectorProgram program;
    private readonly int[] uses;
    private readonly List<int> statements = [];
    private readonly int[] locals;
    private readonly bool[] isHeld;
    private readonly Func<int, bool> isGiven;

    private Schedule(VectorProgram program, Func<int, bool> isGiven)
    {
        this.program = program;
        this.isGiven = isGiven;
        uses = new int[program.Instructions.Length];
        locals = new int[program.Instructions.Length];
        isHeld = new bool[program.Instructions.Length];
        Array.Fill(locals, -1);
    }

    /// <summary>The instructions whose values are kept in locals, in order of evaluation; the rest are evaluated where they are used.</summary>
    public IReadOnlyList<int> Statements => statements;

    /// <summary>The most values alive at once.</summary>
    public int Pressure { get; private set; }

    /// <summary>The vector operations of one evaluation.</summary>
    public int Operations { get; private set; }

    /// <summary>The number, within its lane type, of the local that keeps a value, or -1 if it is evaluated where it is used.</summary>
    public int Local(int instruction) => locals[instruction];

    /// <summary>Whether the value comes from memory.</summary>
    public bool IsGiven(int instruction) => isGiven(instruction);

    /// <summary>Orders the evaluation of <paramref name="roots"/>; values that <paramref name="isGiven"/> come from memory.</summary>
    public static Schedule Of(VectorProgram program, IReadOnlyList<int> roots, Func<int, bool> isGiven)
    {
        var schedule = new Schedule(program, isGiven);
        schedule.Order(roots);
        schedule.AssignLocals(roots);
        return schedule;
    }

    private void Order(IReadOnlyList<int> roots)
    {
        var needed = new bool[program.Instructions.Length];
        var need = new int[program.Instructions.Length];
        foreach (var root in roots)
        {
            uses[root]++;
            needed[root] = true;
            // The first to be stored may overwrite an input that another is still to be made from.
            isHeld[root] = roots.Count > 1;
        }

        for (var i = program.Instructions.Length - 1; i >= 0; i--)
        {
            if (needed[i] && !isGiven(i))
            {
                Operations += program.Instructions[i].IsLeaf ? 0 : 1;
                foreach (var operand in Operands(i))
                {
                    uses[operand]++;
                    needed[operand] = true;
                }
            }
        }

        // The registers that evaluating a value needs (Sethi and Ullman's numbering, exact for trees).
        for (var i = 0; i < program.Instructions.Length; i++)
        {
            if (needed[i] && !isGiven(i) && !program.Instructions[i].IsLeaf)
            {
                var held = 0;
                foreach (var operand in Operands(i).OrderByDescending(operand => need[operand]))
                {
                    need[i] = Math.Max(need[i], need[operand] + held);
                    held += need[operand] > 0 ? 1 : 0;
                }

                need[i] = Math.Max(need[i], 1);
            }
        }

        var visited = new bool[program.Instructions.Length];
        var pending = new Stack<(int Instruction, bool Ready)>();
        foreach (var root in roots)
        {
            pending.Push((root, false));
            while (pending.TryPop(out var top))
            {
                var (i, ready) = top;
                if (ready)
                {
                    if (!IsEvaluatedWhereUsed(i))
                    {
                        locals[i] = 0;
                        statements.Add(i);
                    }

                    continue;
                }

                if (visited[i])
                {
                    continue;
                }

                visited[i] = true;
                pending.Push((i, true));
                if (!isGiven(i))
                {
                    foreach (var operand in Operands(i).OrderBy(operand => need[operand]))
                    {
                        pending.Push((operand, false));
                    }
                }
            }
        }
    }

    private bool IsEvaluatedWhereUsed(int i)
    {
        var instruction = program.Instructions[i];
        return instruction.Code == VectorCode.Parameter ? uses[i] == 1 && !isHeld[i]
            : isGiven(i) || (!isHeld[i] && (IsPartOfUse(instruction) || (uses[i] == 1 && (instruction.IsComparison || IsOfBits(instruction)))));
    }

    /// <summary>Whether an operation costs nothing where its result is an operand: products are added or subtracted, negated or not, by one instruction.</summary>
    private static bool IsPartOfUse(in Instruction instruction) => instruction.Code == VectorCode.Reinterpret
        || (instruction.Code == VectorCode.Negate && instruction.Type is LaneType.Float32 or LaneType.Float64);

    /// <summary>Whether it is one of those of which the runtime's compiler makes two one instruction where they meet in an expression.</summary>
    private static bool IsOfBits(in Instruction instruction) => instruction.Code is VectorCode.And or VectorCode.Or or VectorCode.Xor or VectorCode.Not;

    private void AssignLocals(IReadOnlyList<int> roots)
    {
        var lastUse = new int[program.Instructions.Length];
        for (var s = 0; s < statements.Count; s++)
        {
            foreach (var read in Reads(statements[s]))
            {
                lastUse[read] = s;
            }
        }

        foreach (var root in roots)
        {
            if (locals[root] >= 0)
            {
                lastUse[root] = statements.Count;
            }
            else
            {
                foreach (var read in Reads(root))
                {
                    lastUse[read] = statements.Count;
                }
            }
        }

        var free = new Dictionary<LaneType, SortedSet<int>>();
        var counts = new Dictionary<LaneType, int>();
        var live = 0;
        for (var s = 0; s < statements.Count; s++)
        {
            foreach (var read in Reads(statements[s]).Distinct().Where(read => lastUse[read] == s))
            {
                Free(program.Instructions[read].Type).Add(locals[read]);
                live--;
            }

            var type = program.Instructions[statements[s]].Type;
            var pool = Free(type);
            if (pool.Count > 0)
            {
                locals[statements[s]] = pool.Min;
                pool.Remove(pool.Min);
            }
            else
            {
                locals[statements[s]] = counts.GetValueOrDefault(Kind(type));
                counts[Kind(type)] = locals[statements[s]] + 1;
            }

            Pressure = Math.Max(Pressure, ++live);
        }

        SortedSet<int> Free(LaneType type)
        {
            if (!free.TryGetValue(Kind(type), out var pool))
            {
                free.Add(Kind(type), pool = []);
            }

            return pool;
        }
    }

    /// <summary>Masks live in integer vectors.</summary>
    public static LaneType Kind(LaneType type) => type switch
    {
        LaneType.Mask32 => LaneType.Int32,
        LaneType.Mask64 => LaneType.Int64,
        _ => type,
    };

    /// <summary>The values in locals that evaluating a value reads, through those evaluated where they are used.</summary>
    private IEnumerable<int> Reads(int instruction)
    {
        foreach (var operand in Operands(instruction))
        {
            if (locals[operand] >= 0)
            {
                yield return operand;
            }
            else if (!isGiven(operand))
            {
                foreach (var read in Reads(operand))
                {
                    yield return read;
                }
            }
        }
    }

    private IEnumerable<int> Operands(int i)
    {
        var instruction = program.Instructions[i];
        if (instruction.A >= 0)
        {
            yield return instruction.A;
        }

        if (instruction.B >= 0)
        {
            yield return instruction.B;
        }

        if (instruction.C >= 0)
        {
            yield return instruction.C;
        }
    }
}
