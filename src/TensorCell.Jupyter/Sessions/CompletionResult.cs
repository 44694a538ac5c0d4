namespace TensorCell.Jupyter.Sessions;

/// <summary>What could stand at the cursor.</summary>
/// <param name="Items">The proposals, best first.</param>
/// <param name="Start">UTF-16 offset in the cell of the text they replace.</param>
/// <param name="End">UTF-16 offset just after it.</param>
public sealed record CompletionResult(IReadOnlyList<CompletionItem> Items, int Start, int End);

/// <summary>One proposal.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="Kind">What it is, such as <c>method</c>, <c>property</c>, <c>class</c>, <c>keyword</c> or <c>magic</c>.</param>
/// <param name="Signature">A line that tells more, or empty.</param>
public sealed record CompletionItem(string Text, string Kind, string Signature);
