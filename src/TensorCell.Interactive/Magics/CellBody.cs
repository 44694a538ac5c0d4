namespace TensorCell.Interactive.Magics;

/// <summary>The text that a body magic owns.</summary>
/// <param name="Text">The text, without the magic's own line.</param>
/// <param name="FirstLine">The line of the cell, from 1, that it begins on.</param>
public sealed record CellBody(string Text, int FirstLine);
