using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

internal sealed partial class MethodReader
{
    private const string ChangesInLoop =
        "a variable that holds another view, object or reference in each turn of a loop; choose between their elements or indices instead";

    /// <summary>Reads a loop and what follows it.</summary>
    private List<Exit> TranslateLoop(Loop loop, FrameState incoming)
    {
        var entry = incoming.Copy();
        var mark = new VariableNode(DType.Bool).Tag;
        var carried = new List<(Location Location, VariableNode Variable)>();
        var initial = new List<Node>();
        foreach (var location in Changing(loop, incoming))
        {
            if (incoming.Variables[location] is not NodeValue { Node: var before })
            {
                entry.Variables[location] = new ChangingValue();
                continue;
            }

            var variable = new VariableNode(before.Type, location.Name);
            carried.Add((location, variable));
            initial.Add(before);
            entry.Variables[location] = new NodeValue(variable);
        }

        var body = new Region();
        var header = il[loop.Header.First];
        var start = entry.Copy();
        var exits = ReadInto(body, () => TranslateOnce(loop.Header, entry));
        var again = exits.Find(exit => exit.Target == loop.Header);
        exits = [.. exits.Where(exit => exit.Target != loop.Header)];
        if (exits.Count == 0)
        {
            current = header;
            throw Refused("a loop that never ends: give it a condition, a break or a return");
        }

        var results = new LoopResults(kernel, mark);
        Node[] next = [.. initial];
        Node repeat = Node.Constant(false);
        if (again is not null)
        {
            repeat = again.Condition;
            next = [.. carried.Select(one => Coercion.To(one.Variable.Type, ((NodeValue)again.State.Variables[one.Location]).Node))];
            RequireUnchanged(start, again.State, header);
        }

        var left = exits.Count == 1
            ? [new(exits[0].Target, Node.Constant(true), results.Of(exits[0].State))]
            : exits.ConvertAll(exit => new Exit(exit.Target, results.Of(exit.Condition), results.Of(exit.State)));
        kernel.Region.Statements.Add(new LoopStatement(
            [.. carried.Select(one => one.Variable)], [.. initial], body, repeat, [.. next], [.. results.Variables], [.. results.Values]));
        return Continue(left, Followers(
            loop.Header,
            followed => !loop.Blocks.Contains(followed) && followed.Around == loop.Parent && loop.Blocks.Contains(followed.Dominator!)));
    }

    /// <summary>The variables that a turn of the loop may change.</summary>
    private List<Location> Changing(Loop loop, FrameState incoming)
    {
        var stored = new HashSet<Location>(ReferenceEqualityComparer.Instance);
        var storesThroughAddresses = false;
        foreach (var block in loop.Blocks)
        {
            for (var i = block.First; i < block.First + block.Count; i++)
            {
                var instruction = il[i];
                var name = instruction.Code.Name!;
                switch (name.Split('.')[0])
                {
                    case "stloc":
                        stored.Add(locals[IndexOf(instruction, "stloc")]);
                        break;
                    case "starg":
                        stored.Add(arguments[(int)instruction.Operand]);
                        break;
                    case "stind" or "stobj" or "stfld" or "initobj" or "call" or "callvirt" or "newobj":
                        storesThroughAddresses = true;
                        break;
                }
            }
        }

        var addressed = new HashSet<Location>(ReferenceEqualityComparer.Instance);
        foreach (var instruction in il)
        {
            switch (instruction.Code.Name!.Split('.')[0])
            {
                case "ldloca":
                    addressed.Add(locals[(int)instruction.Operand]);
                    break;
                case "ldarga":
                    addressed.Add(arguments[(int)instruction.Operand]);
                    break;
            }
        }

        var own = new HashSet<Location>(locals.Concat(arguments), ReferenceEqualityComparer.Instance);
        return [.. incoming.Variables
            .Where(pair => pair.Key.Root is var root
                && (stored.Contains(root) || (pair.Value is NodeValue && storesThroughAddresses && (!own.Contains(root) || addressed.Contains(root)))))
            .Select(pair => pair.Key)];
    }

    /// <summary>Objects, views and references that were not seen to be assigned, and the stack, are the same in every turn.</summary>
    private void RequireUnchanged(FrameState before, FrameState after, IlInstruction header)
    {
        foreach (var (location, value) in before.Variables)
        {
            if (value is not (NodeValue or ChangingValue) && !value.Equals(after.Variables.GetValueOrDefault(location)))
            {
                current = header;
                throw Refused(ChangesInLoop);
            }
        }

        if (!before.Stack.SequenceEqual(after.Stack))
        {
            current = header;
            throw Refused("a loop inside of an expression that it changes; put its result in a variable");
        }
    }

    /// <summary>The values that a loop defines for what follows it.</summary>
    private sealed class LoopResults(KernelReader kernel, long mark)
    {
        private readonly Dictionary<Node, VariableNode> known = new(ReferenceEqualityComparer.Instance);

        public List<VariableNode> Variables { get; } = [];

        public List<Node> Values { get; } = [];

        public FrameState Of(FrameState leaving) => new()
        {
            Variables = new(leaving.Variables.Select(pair => KeyValuePair.Create(pair.Key, Of(pair.Value))), ReferenceEqualityComparer.Instance),
            Stack = [.. leaving.Stack.Select(Of)],
        };

        public Node Of(Node node)
        {
            if (kernel.Latest(node) <= mark)
            {
                return node;
            }

            if (!known.TryGetValue(node, out var variable))
            {
                variable = new(node.Type, (node as VariableNode)?.Name);
                Variables.Add(variable);
                Values.Add(node);
                known.Add(node, variable);
            }

            return variable;
        }

        private StackValue Of(StackValue value) => value switch
        {
            NodeValue number => new NodeValue(Of(number.Node)),
            ElementValue element => new ElementValue(element.Memory, new([.. element.Indices.Nodes.Select(Of)])),
            _ => value,
        };
    }
}
