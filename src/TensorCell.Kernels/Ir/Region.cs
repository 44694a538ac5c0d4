namespace TensorCell.Kernels.Ir;

/// <summary>Statements that run one after another.</summary>
internal sealed class Region
{
    /// <summary>The statements, in order.</summary>
    public List<Statement> Statements { get; } = [];
}
