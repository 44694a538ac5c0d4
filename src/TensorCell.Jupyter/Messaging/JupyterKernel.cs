using System.Text;
using System.Text.Json.Nodes;
using TensorCell.Jupyter.Handlers;
using TensorCell.Jupyter.Sessions;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Messaging;

/// <summary>
/// A Jupyter kernel: the five channels, each with a loop of its own, over one notebook session. Requests are answered by the
/// <see cref="HandlerTable"/>.
/// </summary>
public sealed class JupyterKernel : IDisposable
{
    private readonly ZmtpContext context;
    private readonly MessageCodec codec;
    private readonly ReplySocket heartbeat;
    private readonly RouterSocket shell;
    private readonly RouterSocket control;
    private readonly RouterSocket stdin;
    private readonly PublisherSocket ioPub;
    private readonly Lazy<NotebookSession> session;
    private readonly ManualResetEventSlim ended = new();
    private readonly Action<string>? log;
    private long abortBefore;
    private int droppedMessages;

    /// <summary>Binds the channels and starts their loops.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="createSession">Makes the session, once, when it is first needed.</param>
    /// <param name="log">Told what an operator should know, a line at a time; called on any thread.</param>
    /// <param name="limits">What peers may ask of this process; null for the usual.</param>
    /// <exception cref="System.Net.Sockets.SocketException">A port is in use.</exception>
    public JupyterKernel(
        ConnectionFile connection, Func<NotebookSession> createSession, Action<string>? log = null, ZmtpLimits? limits = null)
    {
        this.log = log;
        session = new Lazy<NotebookSession>(createSession);
        codec = new MessageCodec(connection.Key);
        context = new ZmtpContext(limits, log);
        heartbeat = new ReplySocket(context, "heartbeat");
        shell = new RouterSocket(context, "shell");
        control = new RouterSocket(context, "control");
        stdin = new RouterSocket(context, "stdin");
        ioPub = new PublisherSocket(context, "iopub") { Subscribed = Welcome };
        try
        {
            Endpoints = new KernelEndpoints(
                shell.Bind(connection.Endpoint(connection.ShellPort)).Text,
                control.Bind(connection.Endpoint(connection.ControlPort)).Text,
                stdin.Bind(connection.Endpoint(connection.StdinPort)).Text,
                ioPub.Bind(connection.Endpoint(connection.IoPubPort)).Text,
                heartbeat.Bind(connection.Endpoint(connection.HeartbeatPort)).Text);
        }
        catch
        {
            context.Dispose();
            throw;
        }

        Stdin = new StdinChannel(codec, stdin);
        IoPub = new IoPubChannel(codec, ioPub);
        IoPub.Publish("status", null, new JsonObject { ["execution_state"] = "starting" });
        Start("heartbeat", Beat);
        Start("control", () => Serve(control, isShell: false));
        Start("stdin", ServeStdin);
        Start("shell", () => Serve(shell, isShell: true));
    }

    /// <summary>Where the channels listen.</summary>
    public KernelEndpoints Endpoints { get; }

    /// <summary>The session; made at the first look.</summary>
    public NotebookSession Session => session.Value;

    /// <summary>The broadcast channel.</summary>
    public IoPubChannel IoPub { get; }

    /// <summary>The channel that asks users.</summary>
    public StdinChannel Stdin { get; }

    /// <summary>The cells that were run.</summary>
    public ExecutionHistory History { get; } = new();

    /// <summary>The open comms.</summary>
    public CommRegistry Comms { get; } = new();

    /// <summary>The prompt number of the last stored cell; only the shell's loop changes it.</summary>
    public int ExecutionCount { get; set; }

    /// <summary>Text that the first cell's output begins with, on stderr; null for none.</summary>
    public string? Notice { get; set; }

    /// <summary>Called with prompt number and code when a cell starts, on the shell's loop.</summary>
    public Action<int, string>? CellStarted { get; set; }

    /// <summary>Called when the cell has ended, on the shell's loop.</summary>
    public Action? CellEnded { get; set; }

    /// <summary>Messages dropped for a wrong signature, or because they were none.</summary>
    public int DroppedMessages => Volatile.Read(ref droppedMessages);

    /// <summary>Interrupts the running cell; never blocks.</summary>
    public void Interrupt()
    {
        if (session.IsValueCreated)
        {
            session.Value.Interrupt();
        }
    }

    /// <summary>Drops the executions that have arrived by now, since the one before them failed.</summary>
    public void AbortQueued() => abortBefore = System.Diagnostics.Stopwatch.GetTimestamp();

    /// <summary>Lets <see cref="WaitForEnd"/> return.</summary>
    public void End() => ended.Set();

    /// <summary>Waits until a client, or <see cref="End"/>, asks the kernel to shut down.</summary>
    public void WaitForEnd() => ended.Wait();

    /// <summary>Interrupts the running cell, sends what is queued and closes the channels.</summary>
    public void Dispose()
    {
        End();
        Interrupt();
        IoPub.Dispose();
        context.Dispose();
        foreach (ZmtpSocket socket in (ZmtpSocket[])[heartbeat, shell, control, stdin, ioPub])
        {
            socket.Dispose();
        }
    }

    internal void Log(string line) => log?.Invoke(line);

    private static void Start(string name, Action loop) => new Thread(() => loop()) { IsBackground = true, Name = name }.Start();

    private void Beat()
    {
        while (heartbeat.ReceiveRequest(Timeout.InfiniteTimeSpan) is { } beat)
        {
            heartbeat.Reply(beat);
        }
    }

    private void ServeStdin()
    {
        while (stdin.Receive() is { } message)
        {
            if (Decode(message, "stdin") is { } decoded)
            {
                Stdin.OnMessage(decoded);
            }
        }
    }

    private void Serve(RouterSocket socket, bool isShell)
    {
        while (socket.Receive() is { } message)
        {
            if (Decode(message, socket.Name) is { } decoded)
            {
                Answer(socket, decoded, isShell);
            }
        }
    }

    private JupyterMessage? Decode(ZmtpMessage message, string channel)
    {
        try
        {
            return codec.Decode(message.Frames, message.ReceivedAt);
        }
        catch (MessageException error)
        {
            int count = Interlocked.Increment(ref droppedMessages);
            Log($"{channel}: message dropped: {error.Message} ({count} so far)");
            return null;
        }
    }

    private void Answer(RouterSocket socket, JupyterMessage message, bool isShell)
    {
        var request = new Request(this, message, (type, content, metadata) =>
            socket.Send(codec.Encode(message.Identities, type, message.HeaderJson, content, metadata).Frames));
        Status(message, "busy");
        try
        {
            if (!HandlerTable.TryFind(message.Type, isShell, out RequestHandler? handler))
            {
                Log($"{socket.Name}: '{message.Type}' is not known here and was ignored");
            }
            else if (message.Type == ExecuteHandler.MessageType && message.ReceivedAt <= abortBefore)
            {
                request.ReplyAborted();
            }
            else
            {
                handler(request);
            }
        }
        catch (RequestException error)
        {
            request.ReplyError(new CellError("BadRequest", error.Message, []));
        }
        catch (Exception error)
        {
            // A fault of a handler must neither end its loop nor leave the client without an answer.
            Log($"{socket.Name}: {message.Type} failed: {error}");
            request.ReplyError(new CellError(error.GetType().Name, error.Message, []));
        }
        finally
        {
            Status(message, "idle");
        }
    }

    private void Status(JupyterMessage message, string state) =>
        IoPub.Publish("status", message.HeaderJson, new JsonObject { ["execution_state"] = state });

    private void Welcome(byte[] topic, Action<IReadOnlyList<byte[]>> answer)
    {
        var content = new JsonObject { ["subscription"] = Encoding.UTF8.GetString(topic) };
        answer(codec.Encode([topic], "iopub_welcome", null, content).Frames);
    }
}

/// <summary>Where a kernel's channels listen.</summary>
public sealed record KernelEndpoints(string Shell, string Control, string Stdin, string IoPub, string Heartbeat);
