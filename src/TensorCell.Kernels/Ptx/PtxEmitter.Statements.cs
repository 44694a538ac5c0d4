using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Statements: assignments, branches and loops.</summary>
internal sealed partial class PtxEmitter
{
    private void EmitRegion(Region region)
    {
        foreach (var step in placement.Steps(region))
        {
            if (step.Node is { } node)
            {
                values[node] = Compute(node);
            }
            else
            {
                Emit(step.Statement!);
            }
        }
    }

    private void Emit(Statement statement)
    {
        switch (statement)
        {
            case LetStatement let:
                values[let.Result] = Divide(let.Value.Operation, let.Value.Left, let.Value.Right);
                break;
            case LoadStatement load:
                values[load.Result] = Load(load);
                break;
            case StoreStatement store:
                Store(store);
                break;
            case AtomicStatement atomic:
                Change(atomic);
                break;
            case BarrierStatement:
                writer.Emit("bar.sync 0");
                break;
            case IfStatement branch:
                EmitIf(branch);
                break;
            case LoopStatement loop:
                EmitLoop(loop);
                break;
        }
    }

    private void EmitIf(IfStatement branch)
    {
        Declare(branch.Results);
        var condition = Use(branch.Condition);
        var end = writer.Label("END");
        if (branch.Results.IsEmpty && placement.Steps(branch.Else).Count == 0)
        {
            writer.Emit($"@!{condition} bra {end}");
            EmitRegion(branch.Then);
            writer.Place(end);
            return;
        }

        var otherwise = writer.Label("ELSE");
        writer.Emit($"@!{condition} bra {otherwise}");
        EmitRegion(branch.Then);
        Assign(branch.Results, branch.ThenValues);
        writer.Emit($"bra {end}");
        writer.Place(otherwise);
        EmitRegion(branch.Else);
        Assign(branch.Results, branch.ElseValues);
        writer.Place(end);
    }

    private void EmitLoop(LoopStatement loop)
    {
        var (again, end) = (writer.Label("LOOP"), writer.Label("LOOP_END"));
        Declare(loop.Carried);
        Declare(loop.Results);
        Assign(loop.Carried, loop.Initial);
        writer.Place(again);
        EmitRegion(loop.Body);
        writer.Emit($"@!{Use(loop.Repeat)} bra {end}");
        Assign(loop.Carried, loop.Next);
        writer.Emit($"bra {again}");
        writer.Place(end);
        Assign(loop.Results, loop.ResultValues);
    }

    private void Declare(ImmutableArray<VariableNode> variables)
    {
        foreach (var variable in variables)
        {
            values[variable] = writer.Register(variable.Type);
        }
    }

    /// <summary>Assigns all at once: a source that is also a target is read before any is written.</summary>
    private void Assign(ImmutableArray<VariableNode> targets, ImmutableArray<Node> sources)
    {
        var read = new string[sources.Length];
        for (var i = 0; i < read.Length; i++)
        {
            var source = Use(sources[i]);
            var isWritten = sources[i] != targets[i] && targets.Contains(sources[i]);
            read[i] = isWritten ? Moved(sources[i].Type, source) : source;
        }

        for (var i = 0; i < read.Length; i++)
        {
            if (read[i] != values[targets[i]])
            {
                writer.Emit($"mov.{PtxTypes.Move(targets[i].Type)} {values[targets[i]]}, {read[i]}");
            }
        }
    }

    /// <summary>A value as an operand: its register, or itself if it is constant.</summary>
    private string Use(Node node) => node is ConstantNode { Type: not DType.Bool } constant ? PtxTypes.Constant(constant.Value) : values[node];

    /// <summary>A value in a register, for instructions that take no constant there.</summary>
    private string InRegister(Node node) => InRegister(node.Type, Use(node));

    private string InRegister(DType type, string value) => value.StartsWith('%') ? value : Moved(type, value);

    private string Moved(DType type, string value)
    {
        var register = writer.Register(type);
        writer.Emit($"mov.{PtxTypes.Move(type)} {register}, {value}");
        return register;
    }
}
