namespace TensorCell.Interactive.Benchmarks;

/// <summary>What running a subject some times in a row took.</summary>
/// <param name="Seconds">Wall-clock seconds, of all the runs together.</param>
/// <param name="AllocatedBytes">Bytes allocated on the managed heap; null where that cannot be told.</param>
/// <param name="Collections">Garbage collections, by generation.</param>
internal readonly record struct RunTiming(double Seconds, double? AllocatedBytes, Collections Collections);
