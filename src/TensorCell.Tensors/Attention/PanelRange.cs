namespace TensorCell.Tensors.Attention;

/// <summary>Panels of queries and the keys that they attend to.</summary>
/// <param name="Group">The group.</param>
/// <param name="First">The first panel.</param>
/// <param name="Count">How many.</param>
/// <param name="Part">Which part of the keys.</param>
/// <param name="FirstKey">Its first key.</param>
/// <param name="EndKey">The key after its last.</param>
internal readonly record struct PanelRange(int Group, nint First, int Count, int Part, nint FirstKey, nint EndKey);
