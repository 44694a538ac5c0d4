namespace TensorCell.Jupyter.CSharp;

/// <summary>One thing that could be typed.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="Kind">What it is, such as <c>method</c> or <c>class</c>.</param>
/// <param name="Signature">A line that tells more, or empty.</param>
internal sealed record CodeProposal(string Text, string Kind, string Signature);
