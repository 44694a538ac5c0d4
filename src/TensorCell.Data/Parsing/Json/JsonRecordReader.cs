using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace TensorCell.Data.Parsing.Json;

/// <summary>
/// Finds the values of the rows of a window. What stands between two values is compared, whole, with what stood there in earlier rows
/// (<see cref="JsonSteps"/>), and parsed only where it is new; a value's end is found by vectors, and what it says is left to the columns.
/// </summary>
/// <param name="columns">The columns, to which new ones are added.</param>
/// <param name="maxRowBytes">Bytes that a line may have.</param>
/// <param name="checksNumbers">Whether to look at what numbers say, too; if not, the columns find out.</param>
internal sealed unsafe class JsonRecordReader(JsonColumns columns, int maxRowBytes, bool checksNumbers) : IDisposable
{
    private const int MostKeys = 4 * JsonColumns.MostColumns;
    private readonly JsonSteps steps = new();
    private readonly List<JsonNode> nodes = [new(0, null, "")];
    private int keyCount;
    private int rowStart;
    private bool isBlank;
    private JsonProblem problem;

    /// <summary>The bytes that are read.</summary>
    public ByteWindow Window { get; } = new();

    /// <summary>The values that the last scan found.</summary>
    public JsonCells Cells { get; } = new();

    /// <summary>The lines that are no rows.</summary>
    public List<RecordFault> Faults { get; } = [];

    /// <summary>Number of rows that the last scan found.</summary>
    public int Rows { get; private set; }

    /// <summary>Offset in the source of the first line that the last scan left to others.</summary>
    public long NextRecord => Window.Origin + rowStart;

    /// <summary>Offset in the window just after the first line feed; the limit when there is none before it.</summary>
    public int AfterLineFeed(int limit)
    {
        int end = new ReadOnlySpan<byte>(Window.Data, limit).IndexOf((byte)'\n');
        return end < 0 ? limit : end + 1;
    }

    /// <summary>Reads the rows that begin in a range of the window.</summary>
    /// <param name="source">Where more bytes come from when a row reaches beyond the window.</param>
    /// <param name="start">Where the first row begins.</param>
    /// <param name="limit">Rows that begin here or later are left to others.</param>
    /// <exception cref="RecordTooLongException">A row is longer than it may be.</exception>
    public void Scan(ByteSource source, int start, int limit)
    {
        Scan(source, start, limit, checksText: false);
        if (rowStart > start && !Utf8.IsValid(new ReadOnlySpan<byte>(Window.Data + start, rowStart - start)))
        {
            Scan(source, start, limit, checksText: true);
        }
    }

    public void Dispose()
    {
        Window.Dispose();
        Cells.Dispose();
    }

    private void Scan(ByteSource source, int start, int limit, bool checksText)
    {
        Cells.Clear();
        Faults.Clear();
        Rows = 0;
        rowStart = start;
        int more = 4 << 10;
        while (!TryReadRows(limit, checksText))
        {
            if (Window.Count - rowStart > maxRowBytes)
            {
                throw Throw.RecordTooLong(NextRecord);
            }

            Window.Extend(source, more);
            more = Math.Min(more * 2, 64 << 20);
        }
    }

    /// <summary>Reads rows from <see cref="rowStart"/> on until one begins at the limit.</summary>
    /// <returns>False when the window ends inside a row.</returns>
    private bool TryReadRows(int limit, bool checksText)
    {
        byte* data = Window.Data;
        byte* end = data + Window.Count;
        while (rowStart < limit)
        {
            byte* start = data + rowStart;
            byte* next = ReadRow(start, end);
            if (next != null && checksText && InvalidText(start, next) is var invalid && invalid != null)
            {
                problem = new JsonProblem(invalid, "text in UTF-8");
                next = null;
            }

            if (next != null)
            {
                Rows += isBlank ? 0 : 1;
            }
            else
            {
                int length = new ReadOnlySpan<byte>(start, (int)(end - start)).IndexOf((byte)'\n');
                Cells.RemoveRow(Rows);
                if (length < 0 && !Window.IsAtEnd)
                {
                    return false;
                }

                next = length < 0 ? end : start + length + 1;
                byte* first = JsonSyntax.SkipBlanks(start);
                Faults.Add(new RecordFault(Window.Origin + (first - data), -1, Describe(first, end)));
            }

            isBlank = false;
            if (next - start > maxRowBytes + 1)
            {
                throw Throw.RecordTooLong(NextRecord);
            }

            rowStart = (int)(next - data);
            steps.Refresh();
        }

        return true;
    }

    /// <summary>Reads one line.</summary>
    /// <returns>Where the next begins; null when something is wrong with it, or it goes on beyond the window.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* ReadRow(byte* at, byte* end)
    {
        byte* data = Window.Data;
        JsonStep* known = steps.Steps;
        byte* literals = steps.Literals;
        JsonCells.CellList* lists = Cells.Lists;
        int row = Rows;
        int step = known[JsonSteps.Root].Next;
        int previous = JsonSteps.Root;
        while (true)
        {
            while (step != 0)
            {
                int length = known[step].Length;
                if (Matches(at, literals + known[step].Literal, length, end))
                {
                    at += length;
                    break;
                }

                step = known[step].Alternate;
            }

            if (step == 0)
            {
                step = Follow(previous, ref at, end);
                if (step < 0)
                {
                    return null;
                }

                lists = Cells.Lists;
            }

            int column = known[step].Column;
            if (column == JsonStep.EndOfRow)
            {
                return at;
            }

            byte* value = at;
            byte first = *at;
            int valueLength;
            JsonKind kind;
            if (first == '"')
            {
                kind = JsonKind.String;
                value++;
                at = JsonString.FindSpecial(value);
                if (*at != '"')
                {
                    kind = JsonKind.Escaped;
                    at = JsonString.FindEnd(value, out _, ref problem);
                    if (at == null)
                    {
                        return null;
                    }
                }

                valueLength = (int)(at - value);
                at++;
            }
            else
            {
                if (first == '-' || (uint)(first - '0') <= 9)
                {
                    kind = JsonKind.Number;
                    at = AfterNumber(at);
                    if (checksNumbers && !JsonNumber.IsValid(value, (int)(at - value)))
                    {
                        problem = new JsonProblem(value, JsonNumber.Expected);
                        return null;
                    }
                }
                else if (first is (byte)' ' or (byte)'\t' or (byte)'\r' || (first == '{' && !known[step].KeepsNested))
                {
                    // More stands between the values than before.
                    at -= known[step].Length;
                    step = known[step].Alternate;
                    continue;
                }
                else
                {
                    at = AfterOther(at, known[step].Node, out kind);
                    if (at == null)
                    {
                        return null;
                    }
                }

                valueLength = (int)(at - value);
            }

            JsonCells.CellList* list = lists + column;
            if (list->Count == list->Capacity)
            {
                Cells.Grow(column);
            }

            if (!list->Add(new JsonCell(row, (int)(value - data), valueLength, kind), out JsonCell replaced) && !IsValid(replaced))
            {
                return null;
            }

            previous = step;
            step = known[step].Next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(byte* text, byte* literal, int length, byte* end)
    {
        if (length <= Vector128<byte>.Count)
        {
            uint equal = Vector128.Equals(Vector128.Load(text), Vector128.Load(literal)).ExtractMostSignificantBits();
            return (~equal & ((1u << length) - 1)) == 0;
        }

        if (length <= Vector256<byte>.Count)
        {
            uint equal = Vector256.Equals(Vector256.Load(text), Vector256.Load(literal)).ExtractMostSignificantBits();
            return (~equal << (32 - length)) == 0;
        }

        return end - text >= length && new ReadOnlySpan<byte>(text, length).SequenceEqual(new ReadOnlySpan<byte>(literal, length));
    }

    /// <summary>The first byte that ends a number: a comma, a closing brace or a blank.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* AfterNumber(byte* text)
    {
        while (true)
        {
            Vector128<byte> bytes = Vector128.Load(text);
            uint ends = (Vector128.Equals(bytes, Vector128.Create((byte)','))
                | Vector128.Equals(bytes, Vector128.Create((byte)'}'))
                | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)' ')), bytes)).ExtractMostSignificantBits();
            if (ends != 0)
            {
                return text + BitOperations.TrailingZeroCount(ends);
            }

            text += Vector128<byte>.Count;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private byte* AfterOther(byte* at, int node, out JsonKind kind)
    {
        if (*at is (byte)'[' or (byte)'{')
        {
            kind = JsonKind.Nested;
            return JsonSyntax.SkipValue(at, nodes[node].Depth, ref problem);
        }

        int length = JsonSyntax.LengthOfWord(at, out kind);
        if (length == 0)
        {
            problem = new JsonProblem(at, JsonSyntax.ExpectedValue);
            return null;
        }

        return at + length;
    }

    /// <summary>Checks a value that no column will look at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsValid(JsonCell cell)
    {
        byte* text = Window.Data + cell.Start;
        bool isValid = cell.Kind != JsonKind.Number || JsonNumber.IsValid(text, cell.Length);
        problem = isValid ? problem : new JsonProblem(text, JsonNumber.Expected);
        return isValid;
    }

    /// <summary>Parses what stands between one value and the next.</summary>
    /// <param name="previous">The step before the value.</param>
    /// <param name="at">The first byte after the value; then the first byte of the next one, or of the next line.</param>
    /// <param name="end">Where the window ends.</param>
    /// <returns>The step; -1 when something is wrong.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Follow(int previous, ref byte* at, byte* end)
    {
        byte* start = at;
        JsonNode? node = previous == JsonSteps.Root ? null : nodes[steps.Steps[previous].Node];
        bool needsComma = node is not null;
        bool isRowRead = false;
        while (true)
        {
            at = JsonSyntax.SkipBlanks(at);
            if (node is null)
            {
                bool isLineEnd = *at == '\n';
                if (isLineEnd || (at == end && Window.IsAtEnd))
                {
                    isBlank = !isRowRead;
                    at += isLineEnd ? 1 : 0;
                    return Add(previous, start, at, JsonStep.EndOfRow, nodes[0], keepsNested: true, isPassing: isBlank || !isLineEnd);
                }

                if (isRowRead || *at != '{')
                {
                    return Reject(at, isRowRead ? "the end of the line after the object" : "an object, one on each line");
                }

                at++;
                node = nodes[0];
                continue;
            }

            if (*at == '}')
            {
                at++;
                node = node.Parent;
                isRowRead = node is null;
                needsComma = true;
                continue;
            }

            if (needsComma)
            {
                if (*at != ',')
                {
                    return Reject(at, "a comma or }");
                }

                at = JsonSyntax.SkipBlanks(at + 1);
            }

            JsonKey? key = ReadKey(ref at, node);
            if (key is null)
            {
                return -1;
            }

            if (*at != '{' || key.KeepsNested)
            {
                if (key.Column < 0)
                {
                    key.Column = columns.Get(key.Path).Id;
                }

                Cells.Reserve(key.Column);
                return Add(previous, start, at, key.Column, node, key.KeepsNested, isPassing: false);
            }

            if (node.Depth == JsonSyntax.MaxDepth)
            {
                return Reject(at, JsonSyntax.ExpectedDepth);
            }

            if (key.Node is null)
            {
                key.Node = new JsonNode(nodes.Count, node, key.Path + ".");
                nodes.Add(key.Node);
            }

            at++;
            node = key.Node;
            needsComma = false;
        }
    }

    /// <summary>Reads a key and the colon after it.</summary>
    private JsonKey? ReadKey(ref byte* at, JsonNode node)
    {
        if (*at != '"')
        {
            Reject(at, JsonSyntax.ExpectedKey);
            return null;
        }

        byte* name = at + 1;
        byte* close = JsonString.FindEnd(name, out bool isEscaped, ref problem);
        if (close == null)
        {
            return null;
        }

        ReadOnlySpan<byte> text = new(name, (int)(close - name));
        if (isEscaped)
        {
            byte[] decoded = new byte[text.Length];
            text = decoded.AsSpan(0, JsonString.Decode(name, text.Length, decoded));
        }

        at = JsonSyntax.SkipBlanks(close + 1);
        if (*at != ':')
        {
            Reject(at, JsonSyntax.ExpectedColon);
            return null;
        }

        at = JsonSyntax.SkipBlanks(at + 1);
        if (!Utf8.IsValid(text))
        {
            Reject(name, "text in UTF-8");
            return null;
        }

        JsonKey key = node.Get(text, columns, out bool isNew);
        keyCount += isNew ? 1 : 0;
        return keyCount <= MostKeys ? key : throw columns.TooMany();
    }

    private int Add(int previous, byte* start, byte* end, int column, JsonNode node, bool keepsNested, bool isPassing) =>
        steps.Add(previous, new ReadOnlySpan<byte>(start, (int)(end - start)), column, node.Index, keepsNested, isPassing);

    private int Reject(byte* at, string expected)
    {
        problem = new JsonProblem(at, expected);
        return -1;
    }

    /// <summary>The problem with the row that begins at a place, for an error.</summary>
    private string Describe(byte* start, byte* end)
    {
        const int Shown = 30;
        ReadOnlySpan<byte> rest = new(problem.At, (int)Math.Min(Shown, end - problem.At));
        int lineEnd = rest.IndexOfAny((byte)'\n', (byte)'\r');
        int length = lineEnd < 0 ? rest.Length : lineEnd;
        string found = length > 0 ? FieldText.Show(problem.At, length)
            : problem.At == end ? "the end of the file"
            : "the end of the line";
        return $"found {found} at byte {problem.At - start + 1} of the row; expected {problem.Expected}";
    }

    /// <summary>The first byte that is not UTF-8; null when all are.</summary>
    private static byte* InvalidText(byte* start, byte* end)
    {
        ReadOnlySpan<byte> rest = new(start, (int)(end - start));
        if (Utf8.IsValid(rest))
        {
            return null;
        }

        while (Rune.DecodeFromUtf8(rest, out _, out int consumed) == OperationStatus.Done)
        {
            rest = rest[consumed..];
        }

        return end - rest.Length;
    }
}
