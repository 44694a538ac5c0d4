using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>What loops and branches leave as it was is known after them, so that what depends on it can be told to be the same for all items.</summary>
public sealed class StructureTests
{
    private static readonly Node number = Node.Uniform(0, DType.Int32);
    private static readonly Node flag = Node.Uniform(1, DType.Bool);

    [Fact]
    public void A_loop_gives_what_was_known_before()
    {
        var (turn, element, result) = (new VariableNode(DType.Int32), new VariableNode(DType.Int32), new VariableNode(DType.Int32));
        var tidy = Tidy(output =>
        [
            new LoadStatement(element, output, [Node.Constant(0)]),
            new LoopStatement(
                [turn], [Node.Constant(0)], Storing(output, turn), Node.Compare(Comparison.Less, turn, number), [Plus(turn, 1)], [result], [Plus(element, 2)]),
            new StoreStatement(output, [Node.Constant(1)], result),
        ]);
        Assert.Empty(tidy.Statements.OfType<LoopStatement>().Single().Results);
        Assert.Equal(element, ((BinaryNode)((StoreStatement)tidy.Statements[^1]).Value).Left);
    }

    [Fact]
    public void A_loop_carries_nothing_that_both_values_of_a_choice_leave()
    {
        var (turn, first, second) = (new VariableNode(DType.Int32), new VariableNode(DType.Int32), new VariableNode(DType.Int32));
        var tidy = Tidy(output =>
        [
            new LoopStatement(
                [turn, first, second], [Node.Constant(0), number, number], Storing(output, second), Node.Compare(Comparison.Less, turn, number),
                [Plus(turn, 1), first, Node.Select(flag, first, number)], [], []),
        ]);
        Assert.Equal([turn], tidy.Statements.OfType<LoopStatement>().Single().Carried);
    }

    [Fact]
    public void A_loop_carries_nothing_that_changes_only_where_it_ends()
    {
        var (turn, kept, element) = (new VariableNode(DType.Int32), new VariableNode(DType.Int32), new VariableNode(DType.Int32));
        var (again, changed) = (new VariableNode(DType.Bool), new VariableNode(DType.Int32));
        var tidy = Tidy(output =>
        {
            var body = Storing(output, kept);
            var ending = new Region();
            ending.Statements.Add(new LoadStatement(element, output, [turn]));
            body.Statements.Add(new IfStatement(
                Node.Compare(Comparison.Greater, turn, number), ending, new(), [again, changed], [Node.Constant(false), element], [flag, kept]));
            return [new LoopStatement([turn, kept], [Node.Constant(0), number], body, again, [Plus(turn, 1), changed], [], [])];
        });
        Assert.Equal([turn], tidy.Statements.OfType<LoopStatement>().Single().Carried);
    }

    private static Node Plus(Node value, int by) => Node.Binary(BinaryOperation.Add, value, Node.Constant(by));

    private static Region Storing(MemoryOperand target, Node value)
    {
        var region = new Region();
        region.Statements.Add(new StoreStatement(target, [Node.Constant(0)], value));
        return region;
    }

    private static Region Tidy(Func<ViewOperand, Statement[]> write)
    {
        var output = new ViewOperand(0, "y", StorageTypes.Of(DType.Int32), 1);
        var body = new Region();
        body.Statements.AddRange(write(output));
        return GridOptimizer.Tidy(new() { Name = "test", Rank = 1, Views = [output], Uniforms = [DType.Int32, DType.Bool], Body = body }).Body;
    }
}
