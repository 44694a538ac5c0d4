using System.Reflection.Emit;

namespace TensorCell.Kernels.Frontend;

/// <summary>The blocks of a method, with the dominators and loops from which its structure is recovered.</summary>
internal sealed class ControlFlow
{
    private ControlFlow(List<Block> order, Block exit)
    {
        Order = order;
        Exit = exit;
    }

    /// <summary>The blocks that can be reached, each before those it leads to, but for branches back.</summary>
    public IReadOnlyList<Block> Order { get; }

    /// <summary>An empty block that every return leads to.</summary>
    public Block Exit { get; }

    /// <param name="il">The method's instructions.</param>
    /// <param name="refuseIrreducible">Told the index of an instruction that jumps into the midst of a loop.</param>
    public static ControlFlow Of(IReadOnlyList<IlInstruction> il, Func<int, Exception> refuseIrreducible)
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

        var order = Sort(blocks[0]);
        foreach (var block in order)
        {
            block.Successors.ForEach(successor => successor.Predecessors.Add(block));
        }

        FindDominators(order);
        FindLoops(order, block => refuseIrreducible(block.First + Math.Max(0, block.Count - 1)));
        return new(order, exit);
    }

    private static bool EndsBlock(in IlInstruction instruction) =>
        instruction.Code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw;

    private static int[]? Targets(in IlInstruction instruction) =>
        instruction.Code.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget ? [(int)instruction.Operand]
        : instruction.Targets;

    private static List<Block> Sort(Block entry)
    {
        var order = new List<Block>();
        var seen = new HashSet<Block> { entry };
        var pending = new Stack<(Block Block, int Next)>([(entry, 0)]);
        while (pending.TryPop(out var top))
        {
            var (block, next) = top;
            if (next == block.Successors.Count)
            {
                order.Add(block);
                continue;
            }

            pending.Push((block, next + 1));
            if (seen.Add(block.Successors[next]))
            {
                pending.Push((block.Successors[next], 0));
            }
        }

        order.Reverse();
        foreach (var (place, block) in order.Index())
        {
            block.Order = place;
        }

        return order;
    }

    // Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm (2001).
    private static void FindDominators(List<Block> order)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in order.Skip(1))
            {
                Block? dominator = null;
                foreach (var predecessor in block.Predecessors)
                {
                    if (predecessor.Dominator is not null || predecessor.Order == 0)
                    {
                        dominator = dominator is null ? predecessor : Meet(dominator, predecessor);
                    }
                }

                changed |= dominator != block.Dominator;
                block.Dominator = dominator;
            }
        }
    }

    private static Block Meet(Block first, Block second)
    {
        while (first != second)
        {
            if (first.Order > second.Order)
            {
                first = first.Dominator!;
            }
            else
            {
                second = second.Dominator!;
            }
        }

        return first;
    }

    private static void FindLoops(List<Block> order, Func<Block, Exception> refuseIrreducible)
    {
        foreach (var block in order)
        {
            foreach (var header in block.Successors.Where(successor => successor.Order <= block.Order))
            {
                if (!header.Dominates(block))
                {
                    throw refuseIrreducible(block);
                }

                header.Heads ??= new(header);
                AddBody(header.Heads, block);
            }
        }

        // Outer headers come first in the order, so that the last loop to claim a block is its innermost.
        foreach (var header in order.Where(block => block.Heads is not null))
        {
            header.Heads!.Parent = header.Loop;
            foreach (var block in header.Heads.Blocks)
            {
                block.Loop = header.Heads;
            }
        }
    }

    private static void AddBody(Loop loop, Block source)
    {
        var pending = new Stack<Block>([source]);
        while (pending.TryPop(out var block))
        {
            if (loop.Blocks.Add(block))
            {
                block.Predecessors.ForEach(pending.Push);
            }
        }
    }
}
