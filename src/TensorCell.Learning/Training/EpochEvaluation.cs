namespace TensorCell.Learning;

/// <summary>How the model did on the validation data at the end of an epoch.</summary>
/// <param name="Epoch">The epoch that had ended, from 0.</param>
/// <param name="Step">How many steps had been made.</param>
/// <param name="Result">How it did.</param>
public sealed record EpochEvaluation(int Epoch, long Step, Evaluation Result);
