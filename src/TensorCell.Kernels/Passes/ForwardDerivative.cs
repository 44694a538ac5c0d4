using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>
/// Makes of an elementwise program, loops and branches included, the one that computes the gradient of a parameter: every value carries
/// its derivative along (forward accumulation). With few parameters and one result an element that costs as much as a tape, and stores nothing.
/// </summary>
internal sealed class ForwardDerivative : GridRewriter
{
    private readonly string name;
    private readonly int parameter;
    private readonly Dictionary<Node, Node?> tangents = new(ReferenceEqualityComparer.Instance);

    private ForwardDerivative(string name, int parameter, Func<MemoryOperand, MemoryOperand> memory)
        : base(memory: memory) => (this.name, this.parameter) = (name, parameter);

    /// <summary>
    /// The program of the same views and, behind those that hold parameters, the gradient of the result, whose result is the gradient of one
    /// parameter.
    /// </summary>
    /// <param name="program">A program over one axis whose views of rank one hold its parameters, and that returns one number.</param>
    /// <param name="parameterCount">How many of its views hold parameters.</param>
    /// <param name="parameter">Which of them the gradient is of: one of floating-point numbers.</param>
    /// <exception cref="NotSupportedException">The result is put together from the bits of a value that depends on the parameter.</exception>
    public static GridProgram Of(GridProgram program, int parameterCount, int parameter)
    {
        var result = program.Results[0];
        var gradient = new ViewOperand(parameterCount, "gradient", StorageTypes.Of(result.Type), 1);
        var views = program.Views.Select(view => view.Index < parameterCount ? view : view.At(view.Index + 1)).ToArray();
        var derivative = new ForwardDerivative(program.Name, parameter, operand => operand is ViewOperand view ? views[view.Index] : operand);
        var body = derivative.Rewrite(program.Body);
        var upstream = new VariableNode(result.Type, "gradient");
        body.Statements.Add(new LoadStatement(upstream, gradient, [new IndexNode(IndexKind.Global, 0)]));
        var type = program.Views[parameter].Storage.Computed;
        var slope = derivative.TangentOrZero(result);
        return program with
        {
            Name = $"{program.Name} gradient",
            Views = [.. views[..parameterCount], gradient, .. views[parameterCount..]],
            Body = body,
            Results = [Node.Convert(Node.Binary(BinaryOperation.Multiply, upstream, slope), type)],
        };
    }

    /// <inheritdoc/>
    protected override void Append(Statement statement, Region target)
    {
        base.Append(statement, target);
        if (statement is LoadStatement { Source: ViewOperand view } load && view.Index == parameter && load.Result.Type.IsFloatingPoint)
        {
            tangents[load.Result] = Node.Constant(load.Result.Type, 1);
        }
        else if (statement is StoreStatement or AtomicStatement)
        {
            throw Throw.NotElementwise(name);
        }
    }

    /// <inheritdoc/>
    protected override void AppendIf(IfStatement branch, Region target)
    {
        var condition = Rewrite(branch.Condition);
        var (then, otherwise) = (Rewrite(branch.Then), Rewrite(branch.Else));
        var results = branch.Results.ToBuilder();
        var thenValues = Rewrite(branch.ThenValues).ToBuilder();
        var elseValues = Rewrite(branch.ElseValues).ToBuilder();
        for (var i = 0; i < branch.Results.Length; i++)
        {
            var result = branch.Results[i];
            if (result.Type.IsFloatingPoint && (Tangent(branch.ThenValues[i]) ?? Tangent(branch.ElseValues[i])) is not null)
            {
                var tangent = TangentOf(result);
                results.Add(tangent);
                thenValues.Add(TangentOrZero(branch.ThenValues[i]));
                elseValues.Add(TangentOrZero(branch.ElseValues[i]));
            }
        }

        target.Statements.Add(new IfStatement(
            condition, then, otherwise, results.ToImmutable(), thenValues.ToImmutable(), elseValues.ToImmutable()));
    }

    /// <inheritdoc/>
    protected override void AppendLoop(LoopStatement loop, Region target)
    {
        var carried = loop.Carried.ToBuilder();
        var initial = Rewrite(loop.Initial).ToBuilder();
        var real = Enumerable.Range(0, loop.Carried.Length).Where(i => loop.Carried[i].Type.IsFloatingPoint).ToArray();
        foreach (var i in real)
        {
            initial.Add(TangentOrZero(loop.Initial[i]));
            carried.Add(TangentOf(loop.Carried[i]));
        }

        var body = Rewrite(loop.Body);
        var next = Rewrite(loop.Next).ToBuilder();
        foreach (var i in real)
        {
            next.Add(TangentOrZero(loop.Next[i]));
        }

        var results = loop.Results.ToBuilder();
        var values = Rewrite(loop.ResultValues).ToBuilder();
        for (var i = 0; i < loop.Results.Length; i++)
        {
            if (loop.Results[i].Type.IsFloatingPoint && Tangent(loop.ResultValues[i]) is { } tangent)
            {
                results.Add(TangentOf(loop.Results[i]));
                values.Add(tangent);
            }
        }

        target.Statements.Add(new LoopStatement(
            carried.ToImmutable(),
            initial.ToImmutable(),
            body,
            Rewrite(loop.Repeat),
            next.ToImmutable(),
            results.ToImmutable(),
            values.ToImmutable()));
    }

    /// <summary>A new variable that holds the derivative of another.</summary>
    private VariableNode TangentOf(VariableNode variable)
    {
        var tangent = new VariableNode(variable.Type, variable.Name is null ? null : $"d{variable.Name}");
        tangents[variable] = tangent;
        return tangent;
    }

    private Node TangentOrZero(Node node) => Tangent(node) ?? Node.Constant(node.Type, 0);

    /// <summary>The derivative of a value of the program by the parameter; null where it is zero.</summary>
    private Node? Tangent(Node root)
    {
        foreach (var node in tangents.ContainsKey(root) ? [] : NodeOrder.Of([root]))
        {
            if (!tangents.ContainsKey(node))
            {
                tangents.Add(node, Push(node));
            }
        }

        return tangents[root];
    }

    private Node? Push(Node node)
    {
        var isActive = false;
        for (var i = 0; i < node.OperandCount; i++)
        {
            isActive |= tangents[node.Operand(i)] is not null;
        }

        if (!isActive || node.Type == DType.Bool || (node is ConvertNode && !node.Type.IsFloatingPoint))
        {
            return null;
        }

        var value = Rewrite(node);
        Node? Of(int operand) => tangents[node.Operand(operand)];
        return node switch
        {
            UnaryNode unary => Derivatives<Node, NodeAlgebra>.Of(unary.Operation, Of(0)!, Rewrite(unary.Value), value),
            BinaryNode binary => Sum(
                Of(0) is { } left ? Derivatives<Node, NodeAlgebra>.OfLeft(binary.Operation, left, Rewrite(binary.Left), Rewrite(binary.Right), value) : null,
                Of(1) is { } right ? Derivatives<Node, NodeAlgebra>.OfRight(binary.Operation, right, Rewrite(binary.Left), Rewrite(binary.Right), value) : null),
            SelectNode select => Node.Select(
                Rewrite(select.Condition), Of(1) ?? Node.Constant(node.Type, 0), Of(2) ?? Node.Constant(node.Type, 0)),
            FusedMultiplyAddNode product => Sum(
                Sum(Product(Of(0), product.Right), Product(Of(1), product.Left)), Of(2)),
            ConvertNode => Node.Convert(Of(0)!, node.Type),
            _ => throw Throw.NotDifferentiable(name),
        };
    }

    private Node? Product(Node? tangent, Node factor) =>
        tangent is null ? null : Node.Binary(BinaryOperation.Multiply, tangent, Rewrite(factor));

    private static Node? Sum(Node? first, Node? second) =>
        first is null ? second : second is null ? first : Node.Binary(BinaryOperation.Add, first, second);
}
