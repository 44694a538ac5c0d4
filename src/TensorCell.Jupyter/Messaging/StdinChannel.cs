using System.Diagnostics;
using System.Text.Json.Nodes;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Messaging;

/// <summary>Asks the client whose cell runs for a line of text.</summary>
public sealed class StdinChannel(MessageCodec codec, RouterSocket socket)
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(2);

    private readonly object gate = new();
    private Question? pending;

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="request">The request whose cell asks; its sender is asked.</param>
    /// <param name="prompt">What to show.</param>
    /// <param name="isPassword">Whether the answer is not to be shown.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    /// <exception cref="InvalidOperationException">The sender has no stdin channel open.</exception>
    public string Ask(JupyterMessage request, string prompt, bool isPassword, CancellationToken cancellation)
    {
        var question = new Question(request.Identities);
        lock (gate)
        {
            // Set before it is sent: the answer may be quicker than the return of Send.
            pending = question;
        }

        try
        {
            Send(request, prompt, isPassword, cancellation);
            using CancellationTokenRegistration registration = cancellation.Register(() =>
            {
                lock (gate)
                {
                    Monitor.PulseAll(gate);
                }
            });
            lock (gate)
            {
                while (question.Answer is null)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Monitor.Wait(gate);
                }
            }

            return question.Answer;
        }
        finally
        {
            lock (gate)
            {
                pending = pending == question ? null : pending;
            }
        }
    }

    /// <summary>Takes a message that arrived; answers that nobody waits for are ignored.</summary>
    public void OnMessage(JupyterMessage message)
    {
        if (message.Type != "input_reply" || message.Content["value"] is not JsonValue value || !value.TryGetValue(out string? answer))
        {
            return;
        }

        lock (gate)
        {
            if (pending is not null && IsSame(pending.Identities, message.Identities))
            {
                pending.Answer = answer;
                Monitor.PulseAll(gate);
            }
        }
    }

    private static bool IsSame(IReadOnlyList<byte[]> first, IReadOnlyList<byte[]> second) =>
        first.Count == second.Count && first.Zip(second).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private void Send(JupyterMessage request, string prompt, bool isPassword, CancellationToken cancellation)
    {
        var content = new JsonObject { ["prompt"] = prompt, ["password"] = isPassword };
        List<byte[]> frames = codec.Encode(request.Identities, "input_request", request.HeaderJson, content).Frames;
        long start = Stopwatch.GetTimestamp();
        while (!socket.Send(frames))
        {
            // The client's stdin connection may still be shaking hands when its first cell already asks.
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) > ConnectTime)
            {
                Throw.NoInput(
                    "the client that sent this cell has no stdin channel open; run the cell where input is possible, such as Jupyter");
            }

            Thread.Sleep(10);
        }
    }

    private sealed class Question(IReadOnlyList<byte[]> identities)
    {
        public IReadOnlyList<byte[]> Identities { get; } = identities;

        public string? Answer { get; set; }
    }
}
