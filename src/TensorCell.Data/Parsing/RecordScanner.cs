using System.Numerics;
using System.Runtime.CompilerServices;
using TensorCell.Kernels.Simd;

namespace TensorCell.Data.Parsing;

/// <summary>
/// Finds the rows and fields of a window, 64 bytes at a time: the places of quotes give by a prefix-xor the stretches inside them, and
/// separators and line ends outside are ends of fields. Where a quote stands inside an unquoted field, which the trick cannot tell, the
/// record is read byte by byte.
/// </summary>
internal sealed unsafe class RecordScanner(Dialect dialect, int columns, int maxRowBytes) : IDisposable
{
    private const int MaxGuess = 64 << 10;
    private readonly byte separator = dialect.Separator;
    private readonly byte quote = (byte)Math.Max(0, dialect.Quote);
    private readonly bool hasQuote = dialect.Quote >= 0;
    private readonly int comment = dialect.Comment;
    private int rowStart;

    private enum Outcome
    {
        ReachedLimit,
        NeedsMore,
        TooLong,
        QuoteInField,
        RecordEnded,
    }

    /// <summary>The bytes that are scanned.</summary>
    public ByteWindow Window { get; } = new();

    /// <summary>The rows that the last scan found.</summary>
    public RecordIndex Index { get; } = new(columns);

    /// <summary>The records that are no rows, for the number of their fields or a quote that is never closed.</summary>
    public List<RecordFault> Faults { get; } = [];

    /// <summary>Offset in the source of the first record that the last scan left to others.</summary>
    public long NextRecord => Window.Origin + rowStart;

    /// <summary>Offset in the window just after the first line end at or after a place; -1 when the window does not tell.</summary>
    public int AfterLineEnd(int from)
    {
        int end = new ReadOnlySpan<byte>(Window.Data + from, Window.Count - from).IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 || (from + end + 1 == Window.Count && !Window.IsAtEnd) ? -1 : Next(Window.Data, from + end);
    }

    /// <summary>Indexes the records that begin in a range of the window.</summary>
    /// <param name="source">Where more bytes come from when a record reaches beyond the window.</param>
    /// <param name="start">Where the first record begins.</param>
    /// <param name="limit">Records that begin here or later are left to others.</param>
    /// <param name="isGuess">Whether a record may not begin at the start at all, so that little more is read and nothing is thrown.</param>
    /// <returns>False when the guess led nowhere.</returns>
    /// <exception cref="RecordTooLongException">A record is longer than it may be.</exception>
    public bool Scan(ByteSource source, int start, int limit, bool isGuess)
    {
        Index.Clear();
        Faults.Clear();
        rowStart = start;
        int step = 4 << 10;
        while (rowStart < limit)
        {
            Outcome outcome = VectorWidth.Bits switch
            {
                512 => Run<ByteBlock512>(limit),
                256 => Run<ByteBlock256>(limit),
                _ => Run<ByteBlock128>(limit),
            };
            if (outcome == Outcome.NeedsMore && Window.IsAtEnd)
            {
                outcome = ReadExactly();
            }

            if (outcome == Outcome.TooLong || (outcome == Outcome.NeedsMore && Window.Count - rowStart > maxRowBytes))
            {
                return isGuess ? false : throw Throw.RecordTooLong(NextRecord);
            }

            if (outcome == Outcome.NeedsMore)
            {
                if (isGuess && step > MaxGuess)
                {
                    return false;
                }

                Window.Extend(source, step);
                step = Math.Min(step * 2, 64 << 20);
            }
        }

        return true;
    }

    public void Dispose()
    {
        Window.Dispose();
        Index.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(byte* data, int end) => end + (data[end] == '\r' && data[end + 1] == '\n' ? 2 : 1);

    /// <summary>Indexes records from <see cref="rowStart"/> on until one begins at the limit or the window ends inside one.</summary>
    private Outcome Run<TBlock>(int limit)
        where TBlock : struct, IByteBlock
    {
        byte* data = Window.Data;
        int readable = Window.IsAtEnd ? Window.Count : Window.Count - 1; // a carriage return needs its successor
        while (true)
        {
            if (rowStart >= limit)
            {
                return Outcome.ReachedLimit;
            }

            if (comment >= 0 && (rowStart >= readable || data[rowStart] == comment))
            {
                int afterLine = rowStart < readable ? AfterLineEnd(rowStart) : -1;
                if (afterLine < 0 && !Window.IsAtEnd)
                {
                    return Outcome.NeedsMore;
                }

                rowStart = afterLine < 0 ? Window.Count : afterLine;
                continue;
            }

            Outcome outcome = RunBlocks<TBlock>(data, readable, limit);
            outcome = outcome == Outcome.QuoteInField ? ReadExactly() : outcome;
            if (outcome != Outcome.RecordEnded)
            {
                return outcome;
            }
        }
    }

    /// <summary>Indexes regular records from <see cref="rowStart"/> on; leaves off after one that is not, before a comment and at the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Outcome RunBlocks<TBlock>(byte* data, int readable, int limit)
        where TBlock : struct, IByteBlock
    {
        bool isAtEnd = Window.IsAtEnd;
        int at = rowStart;
        int rows = Index.Rows;
        int used = rows * columns;
        int rowUsed = used;
        ulong wasInside = 0;
        ulong wasFieldEnd = 1;
        ulong wasClosing = 0;
        ulong wasCarriageReturn = 0;
        int* ends = Index.Ends;
        int endCapacity = Index.EndCapacity;
        int* starts = Index.Starts;
        int startCapacity = Index.StartCapacity;
        while (at + 64 <= readable || (isAtEnd && at < readable))
        {
            BlockMasks masks = TBlock.Compare(data + at, separator, quote);
            ulong lineEnds = masks.LineFeeds | masks.CarriageReturns;
            ulong fieldEnds = masks.Separators | lineEnds;
            if (hasQuote && (masks.Quotes | wasInside) != 0)
            {
                ulong inside = PrefixXor.Of(masks.Quotes) ^ wasInside;
                ulong closing = masks.Quotes & ~inside;
                lineEnds &= ~inside;
                fieldEnds &= ~inside;
                ulong mayOpen = (fieldEnds << 1) | wasFieldEnd | (closing << 1) | wasClosing;
                if ((masks.Quotes & inside & ~mayOpen) != 0)
                {
                    return Outcome.QuoteInField;
                }

                wasInside = (ulong)((long)inside >> 63);
                wasClosing = closing >> 63;
            }
            else
            {
                wasClosing = 0;
            }

            wasFieldEnd = fieldEnds >> 63;
            if ((masks.CarriageReturns | wasCarriageReturn) != 0)
            {
                ulong carriageReturns = masks.CarriageReturns & lineEnds;
                ulong paired = masks.LineFeeds & ((carriageReturns << 1) | wasCarriageReturn);
                lineEnds &= ~paired;
                fieldEnds &= ~paired;
                wasCarriageReturn = carriageReturns >> 63;
            }

            if (used + 64 > endCapacity)
            {
                Index.ReserveEnds(used, 64);
                ends = Index.Ends;
                endCapacity = Index.EndCapacity;
            }

            Store(ends + used, at, fieldEnds);
            for (ulong left = lineEnds; left != 0; left &= left - 1)
            {
                int bit = BitOperations.TrailingZeroCount(left);
                int end = at + bit;
                int fields = used + BitOperations.PopCount(fieldEnds & ((1UL << bit) - 1)) + 1 - rowUsed;
                if (fields != columns || (uint)(end - rowStart - 1) >= (uint)maxRowBytes)
                {
                    return Reject(end, fields);
                }

                if (rows == startCapacity)
                {
                    Index.ReserveStarts(1);
                    starts = Index.Starts;
                    startCapacity = Index.StartCapacity;
                }

                starts[rows++] = rowStart;
                Index.Rows = rows;
                rowUsed += columns;
                rowStart = Next(data, end);
                if (rowStart >= limit || (comment >= 0 && (rowStart >= readable || data[rowStart] == comment)))
                {
                    return Outcome.RecordEnded;
                }
            }

            used += BitOperations.PopCount(fieldEnds);
            at += 64;
        }

        return rowStart < readable || !isAtEnd ? Outcome.NeedsMore : Outcome.RecordEnded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int* ends, int at, ulong fieldEnds)
    {
        while (fieldEnds != 0)
        {
            *ends++ = at + BitOperations.TrailingZeroCount(fieldEnds);
            fieldEnds &= fieldEnds - 1;
        }
    }

    /// <summary>Indexes the one record at <see cref="rowStart"/>, byte by byte; a quote means something only where a field begins.</summary>
    private Outcome ReadExactly()
    {
        byte* data = Window.Data;
        int count = Window.Count;
        int fields = 0;
        int at = rowStart;
        while (true)
        {
            bool isClosed = true;
            if (hasQuote && at < count && data[at] == quote)
            {
                isClosed = false;
                for (at++; at < count && !isClosed; at++)
                {
                    if (data[at] == quote)
                    {
                        bool isDoubled = at + 1 < count && data[at + 1] == quote;
                        isClosed = !isDoubled;
                        at += isDoubled ? 1 : 0;
                    }
                }
            }

            while (at < count && isClosed && data[at] != separator && data[at] != '\r' && data[at] != '\n')
            {
                at++;
            }

            if (at + 1 >= count && !Window.IsAtEnd)
            {
                return Outcome.NeedsMore;
            }

            Index.ReserveEnds((Index.Rows * columns) + fields, 1);
            Index.Ends[(Index.Rows * columns) + fields++] = at;
            if (isClosed && at < count && data[at] == separator)
            {
                at++;
                continue;
            }

            if (!isClosed && at - rowStart <= maxRowBytes)
            {
                Faults.Add(new RecordFault(NextRecord, -1, "found the end of the file inside quotes; expected a closing quote"));
                rowStart = count;
                return Outcome.RecordEnded;
            }

            if (fields != columns || (uint)(at - rowStart - 1) >= (uint)maxRowBytes)
            {
                return Reject(at, fields);
            }

            Index.ReserveStarts(1);
            Index.Starts[Index.Rows++] = rowStart;
            rowStart = at < count ? Next(data, at) : count;
            return Outcome.RecordEnded;
        }
    }

    /// <summary>Passes over a record that is no row: notes it as a fault, unless it is an empty line, which is nothing.</summary>
    private Outcome Reject(int end, int fields)
    {
        if (end - rowStart > maxRowBytes)
        {
            return Outcome.TooLong;
        }

        if (end > rowStart)
        {
            Faults.Add(new RecordFault(
                NextRecord, -1, $"found {fields} {(fields == 1 ? "field" : "fields")}; expected {columns}, one for each column"));
        }

        rowStart = end < Window.Count ? Next(Window.Data, end) : end;
        return Outcome.RecordEnded;
    }
}
