namespace TensorCell.Kernels.Ir;

/// <summary>Statements that run one after another.</summary>
internal sealed class Region
{
    /// <summary>The statements, in order.</summary>
    public List<Statement> Statements { get; } = [];

    /// <summary>The statements and those within them, each before what it holds.</summary>
    public IEnumerable<Statement> Descendants()
    {
        var pending = new Stack<Statement>(Enumerable.Reverse(Statements));
        while (pending.TryPop(out var statement))
        {
            yield return statement;
            foreach (var inner in statement.Regions.Reverse().SelectMany(region => Enumerable.Reverse(region.Statements)))
            {
                pending.Push(inner);
            }
        }
    }
}
