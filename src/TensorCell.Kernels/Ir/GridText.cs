using System.Text;

namespace TensorCell.Kernels.Ir;

/// <summary>The textual form of a grid program: its signature, then its statements, each value before its first use.</summary>
internal sealed class GridText
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<Node, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly Passes.Placement placement;
    private int indent;

    private GridText(GridProgram program) => placement = Passes.Placement.Of(program);

    public static string Of(GridProgram program)
    {
        var text = new GridText(program);
        text.WriteProgram(program);
        return text.text.ToString();
    }

    private void WriteProgram(GridProgram program)
    {
        var views = program.Views.Select(view => $"{view.Name}: {view.Storage.Name}[{new string(',', view.Rank - 1)}]");
        var uniforms = program.Uniforms.Select((type, i) => $"u{i}: {type.Name}");
        text.Append($"kernel {program.Name}<{program.Rank}>({string.Join(", ", views.Concat(uniforms))})");
        if (!program.GroupExtents.IsEmpty)
        {
            text.Append($" groups of {string.Join(" x ", program.GroupExtents)}");
        }

        text.Append('\n');
        indent++;
        foreach (var shared in program.Shared)
        {
            Line($"shared {shared.Name}: {shared.Storage.Name}[{string.Join(", ", shared.Lengths)}]");
        }

        Write(program.Body);
        if (!program.Results.IsEmpty)
        {
            Line($"return {Names(program.Results)}");
        }
    }

    private void Write(Region region)
    {
        foreach (var step in placement.Steps(region))
        {
            if (step is { Node: { } node })
            {
                Line($"{NameOf(node)}: {node.Type.Name} = {NodeText.Operation(node)} {string.Join(", ", Enumerable.Range(0, node.OperandCount).Select(i => NameOf(node.Operand(i))))}");
            }
            else
            {
                Write(step.Statement!);
            }
        }
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case LetStatement let:
                Line($"{Define(let.Result)} = {NodeText.Operation(let.Value)} {NameOf(let.Value.Left)}, {NameOf(let.Value.Right)}");
                break;
            case LoadStatement load:
                Line($"{Define(load.Result)} = {load.Source.Name}[{Names(load.Indices)}]");
                break;
            case StoreStatement store:
                Line($"{store.Target.Name}[{Names(store.Indices)}] = {NameOf(store.Value)}");
                break;
            case AtomicStatement atomic:
                Line($"{(atomic.Old is { } old ? Define(old) + " = " : "")}atomic {atomic.Operation.ToString().ToLowerInvariant()} {atomic.Target.Name}[{Names(atomic.Indices)}], {NameOf(atomic.Value)}{(atomic.Comparand is { } comparand ? ", " + NameOf(comparand) : "")}");
                break;
            case IfStatement branch:
                Line($"{Defines(branch.Results)}if {NameOf(branch.Condition)}");
                WriteInner(branch.Then, "yield", branch.ThenValues);
                if (branch.Else.Statements.Count > 0 || !branch.ElseValues.IsEmpty)
                {
                    Line("else");
                    WriteInner(branch.Else, "yield", branch.ElseValues);
                }

                break;
            case LoopStatement loop:
                Line($"{Defines(loop.Results)}loop {string.Join(", ", loop.Carried.Zip(loop.Initial, (variable, value) => $"{Define(variable)} = {NameOf(value)}"))}");
                indent++;
                Write(loop.Body);
                Line($"repeat if {NameOf(loop.Repeat)} with {Names(loop.Next)}{(loop.Results.IsEmpty ? "" : "; else yield " + Names(loop.ResultValues))}");
                indent--;
                break;
            default:
                Line("barrier");
                break;
        }
    }

    private void WriteInner(Region region, string verb, IReadOnlyCollection<Node> values)
    {
        indent++;
        Write(region);
        if (values.Count > 0)
        {
            Line($"{verb} {Names(values)}");
        }

        indent--;
    }

    private string Defines(IReadOnlyCollection<VariableNode> variables) =>
        variables.Count == 0 ? "" : string.Join(", ", variables.Select(Define)) + " = ";

    private string Define(VariableNode variable) => $"{NameOf(variable)}: {variable.Type.Name}";

    private string Names(IEnumerable<Node> nodes) => string.Join(", ", nodes.Select(NameOf));

    private string NameOf(Node node)
    {
        if (names.TryGetValue(node, out var name))
        {
            return name;
        }

        name = node switch
        {
            ConstantNode constant => constant.Value.ToString(),
            UniformNode uniform => $"u{uniform.Index}",
            ParameterNode parameter => $"p{parameter.Index}",
            IndexNode index => $"{index.Kind.ToString().ToLowerInvariant()}.{"xyz"[index.Axis]}",
            LengthNode length => $"{length.View.Name}.length{length.Dimension}",
            VariableNode { Name: { } known } => $"%{known}.{names.Count}",
            _ => $"%{names.Count}",
        };
        names.Add(node, name);
        return name;
    }

    private void Line(string line) => text.Append(' ', indent * 2).Append(line).Append('\n');
}
