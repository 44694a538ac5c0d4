namespace TensorCell.Tensors.Ordering;

/// <summary>What is moved about while elements are sorted.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TRecord">What stands for an element.</typeparam>
internal unsafe interface ISortRecord<T, TRecord>
    where T : unmanaged
    where TRecord : unmanaged
{
    /// <summary>How far to shift the number that a record of four or eight bytes is, so that its key remains.</summary>
    static abstract int KeyShift { get; }

    /// <summary>What stands for elements that follow one another.</summary>
    /// <param name="line">The line they are in.</param>
    /// <param name="first">Where in it the first is.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="flip">Turns the bits of keys; all of them for descending order.</param>
    /// <param name="records">Where the records go.</param>
    static abstract void Fill(T* line, int first, int count, ulong flip, TRecord* records);

    /// <summary>What stands for one element.</summary>
    /// <param name="key">Its key, with its bits turned.</param>
    /// <param name="place">Where it is in its line.</param>
    static abstract TRecord Of(ulong key, int place);

    /// <summary>The key a record is sorted by.</summary>
    static abstract ulong KeyOf(TRecord record);

    /// <summary>Whether a record has to be before another; of those with equal keys, the one with the lesser index.</summary>
    static abstract bool Precedes(TRecord first, TRecord second);

    /// <summary>Writes one record's element, its index, or both.</summary>
    /// <param name="record">The record.</param>
    /// <param name="place">Where it is in the sorted line.</param>
    /// <param name="target">Where results go.</param>
    static abstract void Write(TRecord record, int place, in SortTarget<T> target);

    /// <summary>Writes records that follow one another.</summary>
    /// <param name="records">The records, in order.</param>
    /// <param name="place">Where the first is in the sorted line.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="target">Where results go.</param>
    static abstract void Write(TRecord* records, int place, int count, in SortTarget<T> target);
}
