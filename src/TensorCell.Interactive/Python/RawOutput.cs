using System.Text;

namespace TensorCell.Interactive.Python;

/// <summary>
/// What native libraries and child processes of Python print past <c>sys.stdout</c>. Holds no reference to the process's object, so
/// that one no longer used can be collected, which ends the process.
/// </summary>
internal sealed class RawOutput
{
    private readonly Lock gate = new();
    private TaskCompletionSource mark = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the text goes; null to drop it.</summary>
    public Action<string, string>? Sink { get; set; }

    /// <summary>Reads until the stream ends.</summary>
    public async Task PumpAsync(Stream stream)
    {
        var bytes = new byte[1 << 14];
        var characters = new char[1 << 14];
        var decoder = Encoding.UTF8.GetDecoder();
        while (await stream.ReadAsync(bytes).ConfigureAwait(false) is var count and > 0)
        {
            var text = new string(characters, 0, decoder.GetChars(bytes.AsSpan(0, count), characters, flush: false));
            var parts = text.Split('\0');
            for (var i = 0; i < parts.Length; i++)
            {
                if (parts[i].Length > 0)
                {
                    Sink?.Invoke("stdout", parts[i]);
                }

                if (i < parts.Length - 1)
                {
                    PassMark();
                }
            }
        }

        PassMark();
    }

    /// <summary>Forgets the marks passed so far; to be called before a request.</summary>
    public Task ExpectMark()
    {
        lock (gate)
        {
            mark = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return mark.Task;
        }
    }

    private void PassMark()
    {
        lock (gate)
        {
            mark.TrySetResult();
        }
    }
}
