namespace TensorCell.Learning;

/// <summary>A loss or gradient became infinite or NaN. The model keeps the parameters of the step before.</summary>
/// <param name="message">At which step, and what may help.</param>
public sealed class DivergenceException(string message) : ArithmeticException(message);
