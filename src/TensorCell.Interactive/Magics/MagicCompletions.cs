namespace TensorCell.Interactive.Magics;

/// <summary>What could be typed in place of a stretch of a cell.</summary>
/// <param name="Start">Where the stretch begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">The texts that could stand there.</param>
public sealed record MagicCompletions(int Start, int End, IReadOnlyList<MagicCompletion> Items);

/// <summary>One text that could be typed.</summary>
/// <param name="Text">The text.</param>
/// <param name="Kind"><c>magic</c>, <c>option</c> or <c>value</c>.</param>
/// <param name="Description">What it means; may be empty.</param>
public sealed record MagicCompletion(string Text, string Kind, string Description);
