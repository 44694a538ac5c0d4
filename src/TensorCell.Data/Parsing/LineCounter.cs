using TensorCell.Kernels;

namespace TensorCell.Data.Parsing;

/// <summary>Line numbers of places in a file, found only when an error needs them.</summary>
internal static class LineCounter
{
    /// <summary>The line, from 1, of each of some ascending offsets.</summary>
    public static long[] LinesAt(ByteSource source, IReadOnlyList<long> offsets)
    {
        long[] lines = new long[offsets.Count];
        byte[] buffer = new byte[256 << 10];
        long line = 1;
        long position = 0;
        bool afterCarriageReturn = false;
        bool endsWithReturn = source.Format == SourceFormat.Csv; // to JSON, a carriage return is a blank like others
        for (int index = 0; index < lines.Length; index++)
        {
            while (position < offsets[index])
            {
                Interruption.Check();
                int wanted = (int)Math.Min(buffer.Length, offsets[index] - position);
                int read = source.Read(position, buffer.AsSpan(0, wanted));
                foreach (byte character in buffer.AsSpan(0, read))
                {
                    line += (character == '\r' && endsWithReturn) || (character == '\n' && !afterCarriageReturn) ? 1 : 0;
                    afterCarriageReturn = character == '\r' && endsWithReturn;
                }

                position = read == 0 ? offsets[index] : position + read;
            }

            lines[index] = line;
        }

        return lines;
    }
}
