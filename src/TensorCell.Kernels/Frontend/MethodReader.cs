using System.Reflection;
using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>
/// Reads one call of a method: computes with nodes in place of numbers, block by block, and where paths of control meet selects
/// between their values by the conditions that lead there from the block that dominates the meeting.
/// </summary>
internal sealed partial class MethodReader
{
    private const int MaximumDepth = 64;

    private readonly KernelReader kernel;
    private readonly MethodBase method;
    private readonly int depth;
    private readonly IReadOnlyList<IlInstruction> il;
    private readonly Location[] arguments;
    private readonly Location[] locals;
    private ControlFlow flow = null!;
    private Node callCondition = null!;
    private IlInstruction current;
    private Block currentBlock = null!;
    private FrameState state = null!;

    public MethodReader(KernelReader kernel, MethodBase method, int depth)
    {
        this.kernel = kernel;
        this.method = method;
        this.depth = depth;
        if (depth > MaximumDepth)
        {
            throw Refused("calls nested more than 64 deep, or recursion; kernels cannot call themselves");
        }

        var body = method.GetMethodBody() ?? throw Refused("it has no IL to read: it is native, abstract or made at run time");
        if (body.ExceptionHandlingClauses.Count > 0)
        {
            throw Refused("a try, catch, finally, using or lock block; kernels cannot handle exceptions");
        }

        il = IlReader.Read(body.GetILAsByteArray());
        var types = method.GetParameters().Select(parameter => parameter.ParameterType);
        arguments = [.. (method.IsStatic ? types : types.Prepend(method.DeclaringType!)).Select(type => new Location(type))];
        locals = [.. body.LocalVariables.Select(local => new Location(local.LocalType))];
    }

    /// <summary>Reads the call and returns its result, if it has one.</summary>
    /// <param name="values">The arguments.</param>
    /// <param name="outer">The caller's variables, left as the call leaves them.</param>
    /// <param name="condition">When the call is made at all.</param>
    public StackValue? Run(IReadOnlyList<StackValue> values, FrameState outer, Node condition)
    {
        callCondition = condition;
        flow = ControlFlow.Of(il, last =>
        {
            current = il[last];
            return Refused("a loop (for, while, do, foreach or a goto that goes back); a kernel computes one element without looping");
        });
        state = outer.WithEmptyStack();
        for (var i = 0; i < values.Count; i++)
        {
            state.Variables[arguments[i]] = Coerce(arguments[i].Type, values[i]);
        }

        foreach (var block in flow.Order)
        {
            currentBlock = block;
            if (block.Dominator is not null)
            {
                state = Merge(block);
            }

            if (block == flow.Exit)
            {
                outer.TakeVariables(state);
                return state.Stack.Count > 0 ? state.Stack[^1] : null;
            }

            ReadBlock(block);
            block.Exit = state;
        }

        throw Refused("it never returns; a kernel must return a value");
    }

    private void ReadBlock(Block block)
    {
        for (var i = block.First; i < block.First + block.Count; i++)
        {
            current = il[i];
            kernel.Count(method, current.Offset);
            Read();
        }
    }

    private FrameState Merge(Block block)
    {
        if (block.Predecessors is [{ } only])
        {
            return only.Exit!.Copy();
        }

        var merged = new FrameState();
        var reaching = flow.Reaching(block);
        foreach (var location in block.Predecessors.SelectMany(predecessor => predecessor.Exit!.Variables.Keys).Distinct())
        {
            if (Meet(block, reaching, exit => exit.Variables.TryGetValue(location, out var value) ? value : Zero(location.Type)) is { } value)
            {
                merged.Variables.Add(location, value);
            }
        }

        for (var i = 0; i < block.Predecessors[0].Exit!.Stack.Count; i++)
        {
            var place = i;
            merged.Stack.Add(Meet(block, reaching, exit => exit.Stack[place])
                ?? throw Refused("a choice between two objects; choose between their numbers instead"));
        }

        return merged;
    }

    /// <summary>What a variable holds where paths meet; null if it cannot be told, as of two different objects.</summary>
    private static StackValue? Meet(Block meeting, bool[] reaching, Func<FrameState, StackValue?> value)
    {
        var first = value(meeting.Predecessors[0].Exit!);
        if (meeting.Predecessors.All(predecessor => Equals(value(predecessor.Exit!), first)))
        {
            return first;
        }

        return meeting.Predecessors.All(predecessor => value(predecessor.Exit!) is NodeValue)
            ? new NodeValue(From(meeting.Dominator!, meeting, reaching, block => ((NodeValue)value(block.Exit!)!).Node, [])!)
            : null;
    }

    /// <summary>The value that reaches a meeting on the paths from a block, or null if none leads there.</summary>
    private static Node? From(Block block, Block meeting, bool[] reaching, Func<Block, Node> valueOf, Dictionary<Block, Node?> known)
    {
        if (known.TryGetValue(block, out var found))
        {
            return found;
        }

        Node? Along(Block successor) =>
            successor == meeting ? valueOf(block)
            : reaching[successor.Index] ? From(successor, meeting, reaching, valueOf, known)
            : null;

        var result = Along(block.Successors[^1]);
        if (block.Successors.Count > 1)
        {
            for (var i = block.Successors.Count - 2; i >= 0; i--)
            {
                if (Along(block.Successors[i]) is { } taken)
                {
                    result = result is null ? taken : Coercion.Choose(block.Conditions[i], taken, result);
                }
            }
        }

        known.Add(block, result);
        return result;
    }

    /// <summary>When the block being read is reached at all.</summary>
    private Node ReachedWhen()
    {
        if (currentBlock.Dominator is null)
        {
            return callCondition;
        }

        var reaching = flow.Reaching(currentBlock);
        var known = new Dictionary<Block, Node>();
        return Coercion.And(callCondition, Reached(flow.Order[0]));

        Node Reached(Block block)
        {
            if (block == currentBlock)
            {
                return Node.Constant(true);
            }

            if (!reaching[block.Index])
            {
                return Node.Constant(false);
            }

            if (!known.TryGetValue(block, out var when))
            {
                when = Reached(block.Successors[^1]);
                for (var i = block.Successors.Count - 2; i >= 0; i--)
                {
                    when = Coercion.Choose(block.Conditions[i], Reached(block.Successors[i]), when);
                }

                known.Add(block, when);
            }

            return when is ConstantNode { Value.Bits: not 0 } ? Node.Constant(true) : when;
        }
    }

    private StackValue Coerce(Type type, StackValue value) =>
        value is NodeValue number && Coercion.Computed(type) is { } computed ? new NodeValue(Coercion.To(computed, number.Node)) : value;

    private static StackValue? Zero(Type type) =>
        Coercion.Computed(type) is { } computed ? new NodeValue(Node.Constant(computed, 0)) : null;

    private KernelRefusedException Refused(string construct) => KernelReader.Refused(method, current.Offset, construct);
}
