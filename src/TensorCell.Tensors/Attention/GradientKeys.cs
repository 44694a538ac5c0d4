namespace TensorCell.Tensors.Attention;

/// <summary>A block of the keys that a task goes through.</summary>
/// <param name="Group">The group.</param>
/// <param name="First">The first key of the task.</param>
/// <param name="Count">How many it has.</param>
/// <param name="Key">The first key of the block.</param>
/// <param name="Keys">How many it has.</param>
internal readonly record struct GradientKeys(int Group, nint First, nint Count, nint Key, nint Keys);
