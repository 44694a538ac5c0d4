namespace TensorCell.Tensors.Attention;

/// <summary>Some rows of a group and a panel of keys.</summary>
/// <param name="Group">The group.</param>
/// <param name="Key">The first key.</param>
/// <param name="Keys">How many.</param>
/// <param name="Place">The first key among those of the task.</param>
/// <param name="Row">The first row.</param>
/// <param name="Rows">How many.</param>
internal readonly record struct GradientBlock(int Group, nint Key, nint Keys, nint Place, nint Row, nint Rows);
