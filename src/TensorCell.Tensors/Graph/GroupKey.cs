using System.Runtime.InteropServices;

namespace TensorCell.Tensors.Graph;

/// <summary>The structure of a group, as a key that two groups with the same kernel share.</summary>
internal readonly struct GroupKey(ReadOnlySpan<int> codes) : IEquatable<GroupKey>
{
    private readonly int[] codes = codes.ToArray();

    /// <inheritdoc/>
    public bool Equals(GroupKey other) => codes.AsSpan().SequenceEqual(other.codes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GroupKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashOf(codes);

    private static int HashOf(ReadOnlySpan<int> codes)
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(codes));
        return hash.ToHashCode();
    }

    /// <summary>Compares keys with spans of codes, so that a look-up copies nothing.</summary>
    public sealed class Comparer : IEqualityComparer<GroupKey>, IAlternateEqualityComparer<ReadOnlySpan<int>, GroupKey>
    {
        /// <inheritdoc/>
        public bool Equals(GroupKey x, GroupKey y) => x.Equals(y);

        /// <inheritdoc/>
        public int GetHashCode(GroupKey key) => key.GetHashCode();

        /// <inheritdoc/>
        public GroupKey Create(ReadOnlySpan<int> alternate) => new(alternate);

        /// <inheritdoc/>
        public bool Equals(ReadOnlySpan<int> alternate, GroupKey other) => alternate.SequenceEqual(other.codes);

        /// <inheritdoc/>
        public int GetHashCode(ReadOnlySpan<int> alternate) => HashOf(alternate);
    }
}
