namespace TensorCell.Benchmarks;

/// <summary>A peer cannot take part; the others go on without it.</summary>
public sealed class MissingSystemException(string reason) : Exception(reason);
