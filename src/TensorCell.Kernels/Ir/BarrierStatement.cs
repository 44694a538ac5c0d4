namespace TensorCell.Kernels.Ir;

/// <summary>
/// Waits until every item of the group has come here, and makes their writes visible to one another. Stands only where all items of
/// the group come or none.
/// </summary>
internal sealed class BarrierStatement : Statement;
