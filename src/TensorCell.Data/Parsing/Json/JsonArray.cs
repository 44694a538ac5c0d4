using TensorCell.Kernels;

namespace TensorCell.Data.Parsing.Json;

/// <summary>A source that is one array of objects, as the objects on a line each: every byte that matters stays in its place.</summary>
internal static class JsonArray
{
    /// <summary>Whether a source's first byte that is no blank begins an array.</summary>
    public static bool IsArray(ByteSource source, long start)
    {
        Span<byte> head = stackalloc byte[4096];
        head = head[..source.Read(start, head)];
        int first = head.IndexOfAnyExcept(" \t\r\n"u8);
        return first >= 0 && head[first] == '[';
    }

    /// <summary>Reads all of a source and puts a line feed in the place of the commas between the objects, blanks in that of others.</summary>
    /// <exception cref="NdJsonException">It is too large, or no array of which elements could be told.</exception>
    public static ByteSource ToLines(ByteSource source, long start)
    {
        const byte ControlCharacter = 1; // as wrong inside quotes as the line feed is, and ends no line
        if (source.Length > Array.MaxLength)
        {
            throw Throw.Read(source, 0, null,
                $"found one array in {source.Length} bytes; expected at most {Array.MaxLength}, or an object on each line, which can be read in parts");
        }

        byte[] bytes = ReadAll(source);
        bytes.AsSpan(0, (int)start).Fill((byte)' ');
        int depth = 0;
        bool isInside = false;
        bool isEscape = false;
        bool hasElement = false;
        bool isOpen = true;
        for (int at = (int)start; at < bytes.Length; at++)
        {
            if ((at & 0xFFFF) == 0)
            {
                Interruption.Check();
            }

            byte character = bytes[at];
            if (isInside)
            {
                isInside = character != '"' || isEscape;
                isEscape = character == '\\' && !isEscape;
                bytes[at] = character == '\n' ? ControlCharacter : character;
                continue;
            }

            switch (character)
            {
                case (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t':
                    bytes[at] = (byte)' ';
                    continue;
                case (byte)'[' when depth == 0 && isOpen && !hasElement:
                    depth = 1;
                    bytes[at] = (byte)' ';
                    continue;
            }

            if (depth == 0)
            {
                throw Wrong(source, at, "found more after the array; expected its end to be the end of the file");
            }

            bool isEnd = character == ']' && depth == 1;
            if (depth == 1 && (character == ',' || isEnd))
            {
                if (!hasElement && (character == ',' || !isOpen))
                {
                    throw Wrong(source, at, $"found {(char)character}; expected an object");
                }

                bytes[at] = (byte)(isEnd ? ' ' : '\n');
                depth = isEnd ? 0 : 1;
                isOpen = false;
                hasElement = false;
                continue;
            }

            hasElement = true;
            isInside = character == '"';
            depth += character is (byte)'{' or (byte)'[' ? 1 : character is (byte)'}' or (byte)']' ? -1 : 0;
        }

        return depth == 0
            ? new MemorySource(bytes, source.Name) { Format = SourceFormat.NdJson }
            : throw Wrong(source, bytes.Length, "found the end of the file inside the array; expected ]");
    }

    private static byte[] ReadAll(ByteSource source)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)source.Length);
        const int Part = 16 << 20;
        for (int at = 0; at < bytes.Length; at += Part)
        {
            Interruption.Check();
            Span<byte> part = bytes.AsSpan(at, Math.Min(Part, bytes.Length - at));
            if (source.Read(at, part) < part.Length)
            {
                throw Throw.Read(source, 0, null, $"found its end while reading; expected {source.Length} bytes, as it had at first");
            }
        }

        return bytes;
    }

    private static ReadException Wrong(ByteSource source, int at, string problem) =>
        Throw.Read(source, LineCounter.LinesAt(source, [at])[0], null, problem);
}
