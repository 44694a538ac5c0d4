namespace TensorCell.Kernels;

/// <summary>One level of data cache.</summary>
/// <param name="Level">1 for the cache nearest to a core.</param>
/// <param name="Bytes">Its size: of one instance, whether one core owns it or several share it.</param>
/// <param name="SharedBy">How many of the machine's processors share one instance.</param>
public sealed record CacheLevel(int Level, long Bytes, int SharedBy);
