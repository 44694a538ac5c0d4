using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TensorCell.Interactive.Python;

/// <summary>The messages to and from a Python process: JSON lines, each followed by as many bytes as it announces.</summary>
internal sealed class PythonChannel(Stream requests, Stream replies)
{
    private const int LongestLine = 1 << 30;

    private readonly PipeReader reader = PipeReader.Create(replies);
    private readonly SemaphoreSlim writing = new(1);

    /// <summary>Sends a message, and the bytes it announces.</summary>
    public async Task SendAsync(JsonObject message, ReadOnlyMemory<byte> payload = default)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message);
        await writing.WaitAsync();
        try
        {
            await requests.WriteAsync(line);
            await requests.WriteAsync("\n"u8.ToArray());
            await requests.WriteAsync(payload);
            await requests.FlushAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The next line; null when the process has ended.</summary>
    public async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = EncodingExtensions.GetString(Encoding.UTF8, buffer.Slice(0, end));
                reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted || buffer.Length > LongestLine)
            {
                var rest = EncodingExtensions.GetString(Encoding.UTF8, buffer);
                reader.AdvanceTo(buffer.End);
                return rest.Length == 0 ? null : rest;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The bytes that the last line announced.</summary>
    /// <exception cref="EndOfStreamException">The process ended before it had sent them.</exception>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        for (var filled = 0; filled < count;)
        {
            var read = await reader.ReadAsync();
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, count - filled));
            part.CopyTo(bytes.AsSpan(filled));
            filled += (int)part.Length;
            reader.AdvanceTo(part.End);
            if (read.IsCompleted && filled < count)
            {
                Throw.PythonEnded("in the middle of an array");
            }
        }

        return bytes;
    }
}
