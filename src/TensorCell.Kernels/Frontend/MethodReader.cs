using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>
/// Reads one call of a method: computes with nodes in place of numbers, and recovers branches and loops from the dominator tree (Ramsey,
/// Beyond Relooper, 2022). What statements there are go to the kernel's open region.
/// </summary>
internal sealed partial class MethodReader
{
    private const int MaximumDepth = 64;

    /// <summary>The most regions within one another: every pass and back end goes down them by recursion.</summary>
    private const int MaximumNesting = 1000;

    private readonly KernelReader kernel;
    private readonly MethodBase method;
    private readonly int depth;
    private readonly IReadOnlyList<IlInstruction> il;
    private readonly Location[] arguments;
    private readonly Location[] locals;
    private readonly List<Node> conditions = [];
    private ControlFlow flow = null!;
    private IlInstruction current;
    private Type? constrained;
    private Type? converted;
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

        if (method.GetCustomAttribute<StateMachineAttribute>() is { StateMachineType: var machine })
        {
            // The lines of the method are those of what the compiler made of it.
            var (file, line) = machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic) is { } moved ? KernelSources.Find(moved, 0) : (null, 0);
            throw new KernelRefusedException("an async method or an iterator; kernels run from start to end", KernelReader.NameOf(method), line, file);
        }

        var body = method.GetMethodBody() ?? throw Refused("it has no IL to read: it is native, abstract or made at run time");
        if (body.ExceptionHandlingClauses.Count > 0)
        {
            throw KernelReader.Refused(
                method, body.ExceptionHandlingClauses[0].TryOffset, "a try, catch, finally, using or lock block; kernels cannot handle exceptions");
        }

        il = IlReader.Read(body.GetILAsByteArray());
        var parameters = method.GetParameters().Select(parameter => new Location(parameter.ParameterType, name: parameter.Name));
        arguments = [.. method.IsStatic ? parameters : parameters.Prepend(new Location(method.DeclaringType!))];
        locals = [.. body.LocalVariables.Select(local => new Location(local.LocalType))];
    }

    /// <summary>Reads the call and returns its result, if it has one.</summary>
    /// <param name="values">The arguments.</param>
    /// <param name="outer">The caller's variables, left as the call leaves them.</param>
    public StackValue? Run(IReadOnlyList<StackValue> values, FrameState outer)
    {
        flow = ControlFlow.Of(il, last =>
        {
            current = il[last];
            return Refused("a goto into the midst of a loop; enter loops only at their top");
        });
        state = outer.WithEmptyStack();
        for (var i = 0; i < values.Count; i++)
        {
            Store(arguments[i], values[i]);
        }

        foreach (var local in locals)
        {
            Clear(local);
        }

        var exits = Translate(flow.Order[0], state);
        if (exits.Find(exit => exit.Target == flow.Exit) is not { } end)
        {
            throw Refused("it never returns: no path leads to its end");
        }

        outer.TakeVariables(end.State);
        foreach (var location in locals.Concat(arguments))
        {
            Forget(location, outer);
        }

        return end.State.Stack.Count > 0 ? end.State.Stack[^1] : null;
    }

    /// <summary>Reads a block, and those that only it leads to, from the given state on.</summary>
    private List<Exit> Translate(Block block, FrameState incoming) =>
        block.Heads is { } loop ? TranslateLoop(loop, incoming) : TranslateOnce(block, incoming);

    private List<Exit> TranslateOnce(Block block, FrameState incoming)
    {
        if (block == flow.Exit)
        {
            return [new(block, Node.Constant(true), incoming)];
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Refused("branches and calls one after another or nested, more than this thread's stack holds; split the kernel");
        }

        if (il[block.First + block.Count - 1] is { Code.FlowControl: FlowControl.Throw } end)
        {
            current = end;
            throw Refused(Unsupported("throw"));
        }

        state = incoming;
        conditions.Clear();
        for (var i = block.First; i < block.First + block.Count; i++)
        {
            current = il[i];
            kernel.Count(method, current.Offset);
            Read();
        }

        var exits = Leave(block, [.. conditions], 0, state);
        return Continue(exits, Followers(block, followed => followed.Around == block.Loop && followed.IsMeeting && followed.Dominator == block));
    }

    /// <summary>Blocks of which a predicate holds, in an order in which each comes before those it leads to.</summary>
    private IEnumerable<Block> Followers(Block block, Func<Block, bool> predicate) =>
        flow.Order.Skip(block.Order + 1).Where(predicate);

    /// <summary>The ways out at the end of a block, from a successor on.</summary>
    private List<Exit> Leave(Block block, Node[] when, int successor, FrameState leaving)
    {
        if (successor == block.Successors.Count - 1)
        {
            return Follow(block, block.Successors[successor], leaving);
        }

        if (when[successor] is ConstantNode known)
        {
            return known.Value.AsBoolean
                ? Follow(block, block.Successors[successor], leaving)
                : Leave(block, when, successor + 1, leaving);
        }

        return Branch(
            when[successor],
            () => Follow(block, block.Successors[successor], leaving.Copy()),
            () => Leave(block, when, successor + 1, leaving.Copy()));
    }

    /// <summary>Reads on behind a branch, unless what is there belongs elsewhere: behind a meeting, a loop's end or its next turn.</summary>
    private List<Exit> Follow(Block from, Block to, FrameState leaving) =>
        to.Order <= from.Order || to.Around != from.Loop || to.IsMeeting
            ? [new(to, Node.Constant(true), leaving)]
            : Translate(to, leaving);

    /// <summary>Reads each of the blocks that some way leads to, each after those that lead to it.</summary>
    private List<Exit> Continue(List<Exit> exits, IEnumerable<Block> targets)
    {
        foreach (var target in targets)
        {
            if (exits.Find(exit => exit.Target == target) is not { } entry)
            {
                continue;
            }

            exits.Remove(entry);
            exits = exits.Count == 0
                ? Translate(target, entry.State)
                : Branch(entry.Condition, () => Translate(target, entry.State), () => Certain(exits));
        }

        return exits;
    }

    /// <summary>If there is but one way left, it is taken.</summary>
    private static List<Exit> Certain(List<Exit> exits) =>
        exits.Count == 1 ? [exits[0] with { Condition = Node.Constant(true) }] : exits;

    /// <summary>Reads both sides of a branch, and brings their ways out together.</summary>
    private List<Exit> Branch(Node condition, Func<List<Exit>> readThen, Func<List<Exit>> readElse)
    {
        var mark = new VariableNode(DType.Bool).Tag;
        var (then, otherwise) = (new Region(), new Region());
        var thenExits = ReadInto(then, readThen);
        var elseExits = ReadInto(otherwise, readElse);
        var merge = new Merge(kernel, condition, then, otherwise, mark, Refused);
        return merge.Run(thenExits, elseExits);
    }

    /// <summary>Reads code whose statements go to a region of their own.</summary>
    private List<Exit> ReadInto(Region region, Func<List<Exit>> read)
    {
        if (kernel.Nesting == MaximumNesting)
        {
            throw Refused($"branches and loops nested more than {MaximumNesting} deep, as returns one after another and the cases of a switch are; split the kernel");
        }

        var around = kernel.Region;
        kernel.Region = region;
        kernel.Nesting++;
        var exits = read();
        kernel.Nesting--;
        kernel.Region = around;
        return exits;
    }

    private KernelRefusedException Refused(string construct) => KernelReader.Refused(method, current.Offset, construct);
}
