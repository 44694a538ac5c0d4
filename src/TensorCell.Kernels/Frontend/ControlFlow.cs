using System.Reflection.Emit;

namespace TensorCell.Kernels.Frontend;

/// <summary>The blocks of a method in an order in which each comes after all that lead to it.</summary>
internal sealed class ControlFlow
{
    private ControlFlow(List<Block> order, Block exit)
    {
        Order = order;
        Exit = exit;
    }

    /// <summary>The blocks that can be reached, each after its predecessors.</summary>
    public IReadOnlyList<Block> Order { get; }

    /// <summary>An empty block that every return leads to.</summary>
    public Block Exit { get; }

    /// <param name="il">The method's instructions.</param>
    /// <param name="refuseLoop">Told the index of an instruction that branches back.</param>
    public static ControlFlow Of(IReadOnlyList<IlInstruction> il, Func<int, Exception> refuseLoop)
    {
        var byOffset = new Dictionary<int, int>();
        for (var i = 0; i < il.Count; i++)
        {
            byOffset.Add(il[i].Offset, i);
        }

        var starts = new SortedSet<int> { 0 };
        for (var i = 0; i < il.Count; i++)
        {
            if (Targets(il[i]) is { } targets)
            {
                starts.UnionWith(targets.Select(target => byOffset[target]));
            }

            if (EndsBlock(il[i]) && i + 1 < il.Count)
            {
                starts.Add(i + 1);
            }
        }

        var blocks = new Dictionary<int, Block>();
        var first = starts.ToArray();
        for (var b = 0; b < first.Length; b++)
        {
            blocks.Add(first[b], new(b, first[b], (b + 1 < first.Length ? first[b + 1] : il.Count) - first[b]));
        }

        var exit = new Block(first.Length, il.Count, 0);
        foreach (var block in blocks.Values)
        {
            var last = il[block.First + block.Count - 1];
            block.Successors.AddRange((Targets(last) ?? []).Select(target => blocks[byOffset[target]]));
            if (last.Code == OpCodes.Ret)
            {
                block.Successors.Add(exit);
            }
            else if (last.Code.FlowControl is not (FlowControl.Branch or FlowControl.Throw))
            {
                block.Successors.Add(blocks[block.First + block.Count]);
            }
        }

        var order = Sort(blocks[0], block => refuseLoop(block.First + block.Count - 1));
        foreach (var block in order)
        {
            foreach (var successor in block.Successors.Distinct())
            {
                successor.Predecessors.Add(block);
            }
        }

        FindDominators(order);
        return new(order, exit);
    }

    /// <summary>Whether each block, from its index, leads to <paramref name="target"/>.</summary>
    public bool[] Reaching(Block target)
    {
        var reaching = new bool[Order.Max(block => block.Index) + 1];
        var pending = new Stack<Block>([target]);
        while (pending.TryPop(out var block))
        {
            if (!reaching[block.Index])
            {
                reaching[block.Index] = true;
                block.Predecessors.ForEach(pending.Push);
            }
        }

        return reaching;
    }

    private static bool EndsBlock(in IlInstruction instruction) =>
        instruction.Code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw;

    private static int[]? Targets(in IlInstruction instruction) =>
        instruction.Code.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget ? [(int)instruction.Operand]
        : instruction.Targets;

    private static List<Block> Sort(Block entry, Func<Block, Exception> refuseLoop)
    {
        var order = new List<Block>();
        var state = new Dictionary<Block, bool>();
        var pending = new Stack<(Block Block, int Next)>([(entry, 0)]);
        state.Add(entry, false);
        while (pending.TryPop(out var top))
        {
            var (block, next) = top;
            if (next == block.Successors.Count)
            {
                state[block] = true;
                order.Add(block);
                continue;
            }

            pending.Push((block, next + 1));
            var successor = block.Successors[next];
            if (!state.TryGetValue(successor, out var done))
            {
                state.Add(successor, false);
                pending.Push((successor, 0));
            }
            else if (!done)
            {
                throw refuseLoop(block);
            }
        }

        order.Reverse();
        return order;
    }

    // In an order without cycles one sweep finds all (Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm).
    private static void FindDominators(List<Block> order)
    {
        var places = order.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        foreach (var block in order.Skip(1))
        {
            var dominator = block.Predecessors[0];
            foreach (var predecessor in block.Predecessors.Skip(1))
            {
                var other = predecessor;
                while (dominator != other)
                {
                    if (places[dominator] > places[other])
                    {
                        dominator = dominator.Dominator!;
                    }
                    else
                    {
                        other = other.Dominator!;
                    }
                }
            }

            block.Dominator = dominator;
        }
    }
}
