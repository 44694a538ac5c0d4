namespace TensorCell.Interactive.Formatting;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal readonly record struct TableCell(string Text, bool IsNumber = false);
