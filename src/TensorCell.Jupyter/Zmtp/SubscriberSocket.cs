namespace TensorCell.Jupyter.Zmtp;

/// <summary>Receives what publishers send under the topics it subscribed to.</summary>
public sealed class SubscriberSocket(ZmtpContext context, string name = "subscriber")
    : ZmtpClientSocket(context, SocketKind.Subscriber, name)
{
    private readonly Lock gate = new();
    private readonly List<byte[]> topics = [];

    /// <summary>Asks every publisher for messages whose first frame begins with the topic; an empty topic is all.</summary>
    public void Subscribe(ReadOnlySpan<byte> topic)
    {
        lock (gate)
        {
            byte[] added = topic.ToArray();
            topics.Add(added);
            foreach (ZmtpConnection publisher in ReadyConnections())
            {
                Tell(publisher, isSubscription: true, added);
            }
        }
    }

    /// <summary>Takes one subscription back.</summary>
    public void Unsubscribe(ReadOnlySpan<byte> topic)
    {
        lock (gate)
        {
            byte[] removed = topic.ToArray();
            int index = topics.FindIndex(known => known.AsSpan().SequenceEqual(removed));
            if (index < 0)
            {
                return;
            }

            topics.RemoveAt(index);
            foreach (ZmtpConnection publisher in ReadyConnections())
            {
                Tell(publisher, isSubscription: false, removed);
            }
        }
    }

    internal override void OnReady(ZmtpConnection connection)
    {
        lock (gate)
        {
            base.OnReady(connection);
            foreach (byte[] topic in topics)
            {
                Tell(connection, isSubscription: true, topic);
            }
        }
    }

    private static void Tell(ZmtpConnection publisher, bool isSubscription, byte[] topic) =>
        publisher.Send(publisher.UsesCommands
            ? FrameEncoder.Command(isSubscription ? "SUBSCRIBE"u8 : "CANCEL"u8, topic)
            : FrameEncoder.Message([[isSubscription ? (byte)1 : (byte)0, .. topic]]));
}
