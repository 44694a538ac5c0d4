using System.Reflection;

namespace TensorCell.Kernels.Ir;

/// <summary>
/// Waits until every item of the group has come here, and makes their writes visible to one another. Stands only where all items of
/// the group come or none.
/// </summary>
/// <param name="method">The method that it was read from; null if it was not read.</param>
/// <param name="offset">Its place in that method's IL.</param>
internal sealed class BarrierStatement(MethodBase? method = null, int offset = 0) : Statement
{
    /// <summary>The method that it was read from; null if it was not read.</summary>
    public MethodBase? Method { get; } = method;

    /// <summary>Its place in that method's IL.</summary>
    public int Offset { get; } = offset;
}
