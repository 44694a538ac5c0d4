using System.Text;

namespace TensorCell.Inference.Onnx;

/// <summary>
/// Reads protobuf's wire format from a file or memory, front to back: every length is checked against what encloses it before
/// anything is read or allocated, and what nobody asks for is skipped without reading it.
/// </summary>
/// <param name="stream">What to read; it can seek.</param>
/// <param name="source">Its name, for errors.</param>
internal sealed class ProtobufReader(Stream stream, string source)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int LengthDelimited = 2;
    public const int Fixed32 = 5;

    private const int MostDepth = 32;
    private const int LongestText = 1 << 24;
    private readonly byte[] buffer = new byte[1 << 16];
    private long bufferStart;
    private int bufferLength;
    private int next;

    /// <summary>How many bytes there are.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>The byte that is read next.</summary>
    public long Position => bufferStart + next;

    /// <summary>Reads the number and wire type of the next field; false at the end of the message.</summary>
    /// <param name="end">Where the message ends.</param>
    /// <param name="field">The field's number.</param>
    /// <param name="wire">How its value is written.</param>
    public bool Next(long end, out int field, out int wire)
    {
        field = wire = 0;
        if (Position >= end)
        {
            return Position == end ? false : Bad<bool>("a value reaches beyond the message that holds it");
        }

        ulong tag = ReadVarint(end);
        wire = (int)(tag & 7);
        if (tag >> 3 is 0 or > 0x1FFFFFFF)
        {
            Bad<bool>($"{tag >> 3} is no field number");
        }

        field = (int)(tag >> 3);
        return true;
    }

    /// <summary>Refuses messages that hold one another deeper than any sound model has them.</summary>
    public void CheckDepth(int depth)
    {
        if (depth > MostDepth)
        {
            Bad<int>($"graphs or types nested more than {MostDepth} deep");
        }
    }

    /// <summary>A key and its value, as maps are written.</summary>
    /// <param name="end">Where the message ends.</param>
    public (string Key, string Value) Entry(long end)
    {
        string key = "";
        string value = "";
        while (Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    key = Text(wire, end);
                    break;
                case 2:
                    value = Text(wire, end);
                    break;
                default:
                    Skip(wire, end);
                    break;
            }
        }

        return (key, value);
    }

    /// <summary>An integer.</summary>
    public long Integer(int wire, long end)
    {
        Expect(wire, Varint);
        return (long)ReadVarint(end);
    }

    /// <summary>Integers, of which a message may hold one or many in one field.</summary>
    public void Integers(int wire, long end, List<long> values)
    {
        if (wire == Varint)
        {
            values.Add((long)ReadVarint(end));
            return;
        }

        long last = Message(wire, end);
        while (Position < last)
        {
            values.Add((long)ReadVarint(last));
        }
    }

    /// <summary>Begins a message, or anything else with a length, and says where it ends.</summary>
    public long Message(int wire, long end)
    {
        Expect(wire, LengthDelimited);
        ulong length = ReadVarint(end);
        return length <= (ulong)(end - Position)
            ? Position + (long)length
            : Bad<long>($"a field of {length:N0} bytes where {end - Position:N0} are left");
    }

    /// <summary>Text.</summary>
    public string Text(int wire, long end)
    {
        long last = Message(wire, end);
        if (last - Position > LongestText)
        {
            Bad<int>($"text of {last - Position:N0} bytes; at most {LongestText:N0} are read");
        }

        byte[] bytes = new byte[last - Position];
        for (int done = 0; done < bytes.Length;)
        {
            Fill();
            int taken = Math.Min(bytes.Length - done, bufferLength - next);
            buffer.AsSpan(next, taken).CopyTo(bytes.AsSpan(done));
            done += taken;
            next += taken;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Passes over a field.</summary>
    /// <returns>How many bytes its value takes.</returns>
    public long Skip(int wire, long end)
    {
        long start = Position;
        switch (wire)
        {
            case Varint:
                ReadVarint(end);
                return Position - start;
            case Fixed64 or Fixed32:
                long last = start + (wire == Fixed64 ? 8 : 4);
                return last <= end ? SkipTo(last) : Bad<long>("it ends in the middle of a number");
            case LengthDelimited:
                return SkipTo(Message(wire, end));
            default:
                return Bad<long>($"wire type {wire} does not occur in ONNX");
        }
    }

    /// <summary>Passes over everything up to a place.</summary>
    /// <returns>How many bytes that were.</returns>
    public long SkipTo(long place)
    {
        long skipped = place - Position;
        if (place - bufferStart <= bufferLength)
        {
            next = (int)(place - bufferStart);
        }
        else
        {
            bufferStart = place;
            bufferLength = next = 0;
        }

        return skipped;
    }

    /// <summary>Ends the reading: the file is no such thing, or broken.</summary>
    public T Bad<T>(string problem) => Throw.Onnx<T>(
        source, $"no readable ONNX model: {problem}, at byte {Position:N0} of {Length:N0}; the file is cut off, damaged or not an ONNX file");

    private void Expect(int wire, int expected)
    {
        if (wire != expected)
        {
            Bad<int>($"wire type {wire} where {expected} was expected");
        }
    }

    private ulong ReadVarint(long end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (Position >= end)
            {
                return Bad<ulong>("it ends in the middle of a number");
            }

            Fill();
            byte part = buffer[next++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        return Bad<ulong>("a number of more than 64 bits");
    }

    /// <summary>Has a byte, or more, in the buffer.</summary>
    private void Fill()
    {
        if (next < bufferLength)
        {
            return;
        }

        bufferStart += next;
        next = 0;
        stream.Position = bufferStart;
        bufferLength = stream.Read(buffer);
        if (bufferLength == 0)
        {
            Bad<int>("the file became shorter while it was read");
        }
    }
}
