using System.Globalization;

namespace TensorCell.Learning;

/// <summary>How a model does on a data set it does not learn from.</summary>
/// <param name="Loss">The mean loss of all rows.</param>
/// <param name="Accuracy">The share of rows whose class was found, for classifiers with integer labels; else null.</param>
/// <param name="RowCount">How many rows there were.</param>
/// <param name="Duration">How long it took.</param>
public sealed record Evaluation(double Loss, double? Accuracy, long RowCount, TimeSpan Duration)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {Loss:G4}{(Accuracy is { } share ? $", accuracy {share:P1}" : "")} on {RowCount:N0} rows");
}
