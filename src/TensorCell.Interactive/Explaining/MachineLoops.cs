using Iced.Intel;

namespace TensorCell.Interactive.Explaining;

/// <summary>
/// The loops of machine code by its flow of control, wherever the compiler put their blocks: a jump back to what comes before it on every way
/// makes a loop of all that leads there (natural loops; Aho, Lam, Sethi and Ullman 2006, section 9.6).
/// </summary>
internal sealed class MachineLoops
{
    private readonly IReadOnlyList<Instruction> instructions;
    private readonly List<(int First, int End)> blocks = [];
    private readonly List<int>[] successors;
    private readonly List<int>[] predecessors;
    private readonly int[] order;
    private readonly int[] dominators;

    private MachineLoops(IReadOnlyList<Instruction> instructions)
    {
        this.instructions = instructions;
        var places = new Dictionary<ulong, int>();
        for (var i = 0; i < instructions.Count; i++)
        {
            places.Add(instructions[i].IP, i);
        }

        var starts = new SortedSet<int> { 0 };
        for (var i = 0; i < instructions.Count; i++)
        {
            if (instructions[i].FlowControl is FlowControl.Next or FlowControl.Call or FlowControl.IndirectCall)
            {
                continue;
            }

            starts.Add(i + 1);
            if (Target(i) is { } target)
            {
                starts.Add(target);
            }
        }

        starts.Remove(instructions.Count);
        int[] firsts = [.. starts];
        for (var b = 0; b < firsts.Length; b++)
        {
            blocks.Add((firsts[b], b + 1 < firsts.Length ? firsts[b + 1] : instructions.Count));
        }

        (successors, predecessors) = ([.. blocks.Select(_ => new List<int>())], [.. blocks.Select(_ => new List<int>())]);
        for (var b = 0; b < blocks.Count; b++)
        {
            var last = blocks[b].End - 1;
            if (Target(last) is { } target)
            {
                Link(b, Array.BinarySearch(firsts, target));
            }

            if (b + 1 < blocks.Count && instructions[last].FlowControl is FlowControl.Next or FlowControl.Call or FlowControl.IndirectCall or FlowControl.ConditionalBranch)
            {
                Link(b, b + 1);
            }
        }

        order = new int[blocks.Count];
        dominators = Dominators();

        int? Target(int place) => instructions[place].FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch
            && places.TryGetValue(instructions[place].NearBranchTarget, out var target) ? target : null;

        void Link(int from, int to)
        {
            successors[from].Add(to);
            predecessors[to].Add(from);
        }
    }

    /// <summary>The loops that have none within them, each as its instructions in the order of their addresses.</summary>
    public static IReadOnlyList<IReadOnlyList<Instruction>> Innermost(IReadOnlyList<Instruction> instructions)
    {
        if (instructions.Count == 0)
        {
            return [];
        }

        var code = new MachineLoops(instructions);
        var loops = code.Natural();
        return [.. loops
            .Where(loop => !loops.Any(other => other.Key != loop.Key && loop.Value.Contains(other.Key)))
            .Select(loop => code.InstructionsOf(loop.Value))];
    }

    private List<Instruction> InstructionsOf(SortedSet<int> loop) =>
        [.. loop.SelectMany(b => Enumerable.Range(blocks[b].First, blocks[b].End - blocks[b].First)).Select(place => instructions[place])];

    /// <summary>The blocks of each loop by the block that it begins with.</summary>
    private Dictionary<int, SortedSet<int>> Natural()
    {
        var loops = new Dictionary<int, SortedSet<int>>();
        for (var from = 0; from < blocks.Count; from++)
        {
            foreach (var head in successors[from].Where(to => order[from] > 0 && Dominates(to, from)))
            {
                if (!loops.TryGetValue(head, out var loop))
                {
                    loops.Add(head, loop = [head]);
                }

                var open = new Stack<int>([from]);
                while (open.TryPop(out var block))
                {
                    if (loop.Add(block))
                    {
                        foreach (var before in predecessors[block].Where(before => order[before] > 0))
                        {
                            open.Push(before);
                        }
                    }
                }
            }
        }

        return loops;
    }

    private bool Dominates(int first, int block)
    {
        while (order[block] > order[first])
        {
            block = dominators[block];
        }

        return block == first;
    }

    /// <summary>The last block that is on every way to a block; also numbers the blocks that are reached, from 1, in reverse postorder.</summary>
    private int[] Dominators()
    {
        var reached = ReversePostorder();
        for (var i = 0; i < reached.Count; i++)
        {
            order[reached[i]] = i + 1;
        }

        var result = new int[blocks.Count];
        Array.Fill(result, -1);
        result[0] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in reached.Skip(1))
            {
                var common = -1;
                foreach (var before in predecessors[block].Where(before => result[before] >= 0))
                {
                    common = common < 0 ? before : Common(result, common, before);
                }

                changed |= result[block] != common;
                result[block] = common;
            }
        }

        return result;
    }

    private int Common(int[] result, int one, int other)
    {
        while (one != other)
        {
            while (order[one] > order[other])
            {
                one = result[one];
            }

            while (order[other] > order[one])
            {
                other = result[other];
            }
        }

        return one;
    }

    private List<int> ReversePostorder()
    {
        var (visited, result) = (new bool[blocks.Count], new List<int>());
        var open = new Stack<(int Block, int Next)>([(0, 0)]);
        visited[0] = true;
        while (open.TryPop(out var at))
        {
            if (at.Next == successors[at.Block].Count)
            {
                result.Add(at.Block);
                continue;
            }

            open.Push((at.Block, at.Next + 1));
            if (successors[at.Block][at.Next] is var to && !visited[to])
            {
                visited[to] = true;
                open.Push((to, 0));
            }
        }

        result.Reverse();
        return result;
    }
}
