namespace TensorCell.Data;

/// <summary>A value and how many rows have it.</summary>
/// <param name="Value">The value, as text.</param>
/// <param name="Count">The number of rows.</param>
public readonly record struct ValueCount(string Value, int Count);
