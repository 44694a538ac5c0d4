using System.Collections.Concurrent;
using System.Text;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Tests;

/// <summary>A router under attack closes the attacker's connection, says why, and serves the others on.</summary>
public sealed class ZmtpHostilePeerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> log = new();
    private readonly ZmtpContext context;
    private readonly RouterSocket router;
    private readonly DealerSocket friend;
    private readonly string endpoint;

    public ZmtpHostilePeerTests()
    {
        var limits = new ZmtpLimits
        {
            MessageBytes = 1 << 20,
            MessageFrames = 100,
            Handshake = TimeSpan.FromMilliseconds(300),
            Connections = 20,
            InboundMessages = 50,
            OutboundBytes = 8 << 20,
            PublishBytes = 1 << 20,
            PublishStall = TimeSpan.FromMilliseconds(500),
            Subscriptions = 10,
        };
        context = new ZmtpContext(limits, log.Enqueue);
        router = new RouterSocket(context);
        endpoint = router.Bind("tcp://127.0.0.1:0").Text;
        friend = new DealerSocket(context, "friend");
        friend.Connect(endpoint);
    }

    public void Dispose()
    {
        friend.Dispose();
        router.Dispose();
        context.Dispose();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "signature")]
    [InlineData("\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0001\u0005", "older ZMTP")]
    [InlineData("\u00ff\0\0\0\0\0\0\0\u0001X", "signature")]
    [InlineData("\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0003\u0001CURVE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "mechanism")]
    public void Strangers_are_turned_away(string greeting, string reason)
    {
        using var peer = new RawPeer(endpoint);
        peer.SendBytes(Encoding.Latin1.GetBytes(greeting));
        Assert.True(peer.IsClosedByPeer());
        ExpectClosed(reason);
    }

    [Fact]
    public void A_peer_that_never_finishes_its_handshake_is_closed()
    {
        using var silent = new RawPeer(endpoint);
        using var halting = new RawPeer(endpoint);
        halting.SendBytes(Handshake.Greeting().AsSpan(0, 20));
        Assert.True(silent.IsClosedByPeer());
        Assert.True(halting.IsClosedByPeer());
        ExpectClosed("handshake took too long");
    }

    [Theory]
    [InlineData("SUB", "does not talk to")]
    [InlineData("NONSENSE", "does not talk to")]
    public void A_socket_type_that_does_not_fit_is_closed(string socketType, string reason)
    {
        using var peer = new RawPeer(endpoint);
        peer.SendHandshake(socketType, "", 1);
        Assert.True(peer.IsClosedByPeer());
        ExpectClosed(reason);
    }

    [Fact]
    public void Oversized_and_endless_messages_close_the_connection()
    {
        using (var peer = new RawPeer(endpoint, "DEALER"))
        {
            peer.SendBytes([2, 0, 0, 0, 0, 0x7F, 0, 0, 0]);
            Assert.True(peer.IsClosedByPeer());
            ExpectClosed("larger than");
        }

        using (var peer = new RawPeer(endpoint, "DEALER"))
        {
            byte[] many = [.. Enumerable.Repeat<byte[]>([1, 0], 200).SelectMany(frame => frame)];
            peer.SendBytes(many);
            Assert.True(peer.IsClosedByPeer());
            ExpectClosed("frames");
        }
    }

    [Fact]
    public void A_truncated_message_is_never_delivered()
    {
        using (var peer = new RawPeer(endpoint, "DEALER"))
        {
            peer.SendBytes([1, 1, 42, 0, 200, 1, 2, 3]);
        }

        Assert.Null(router.Receive(TimeSpan.FromMilliseconds(100)));
        ExpectService();
    }

    [Fact]
    public void Random_bytes_after_the_handshake_harm_nobody()
    {
        var random = new Random(7);
        for (int i = 0; i < 60; i++)
        {
            using var peer = new RawPeer(endpoint, "DEALER");
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            bytes[0] &= 7;
            peer.SendBytes(bytes);
        }

        ExpectService();
    }

    [Fact]
    public void Connections_beyond_the_limit_are_refused_until_others_leave()
    {
        Wait.Until(() => router.PeerCount == 1);
        RawPeer[] crowd = [.. Enumerable.Range(0, 30).Select(_ => new RawPeer(endpoint))];
        Wait.Until(() => log.Any(line => line.Contains("refused")));
        ExpectService();
        foreach (RawPeer peer in crowd)
        {
            peer.Dispose();
        }

        Wait.Until(() => Connects(endpoint));
    }

    [Fact]
    public void A_flood_of_requests_waits_in_the_senders_buffers_and_the_others_are_served()
    {
        const int count = 8000;
        using var peer = new RawPeer(endpoint, "DEALER", "flood");
        var sender = new Thread(() =>
        {
            for (int i = 0; i < count; i++)
            {
                peer.SendMessage([BitConverter.GetBytes(i), new byte[1000]]);
            }
        });
        sender.Start();
        Wait.Until(() => router.WaitingMessages >= 50);

        // What one read of the socket holds may come on top of the limit.
        Assert.InRange(router.WaitingMessages, 50, 50 + (128 << 10) / 1000);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(router.Receive(Soon)!.Frames[1]));
        }

        sender.Join();
        ExpectService();
    }

    [Fact]
    public void A_peer_that_asks_and_does_not_read_the_answers_is_closed()
    {
        using var peer = new RawPeer(endpoint, "DEALER", "deaf");
        peer.Send(0, [1]);
        byte[] identity = router.Receive(Soon)!.Frames[0];
        var answer = new byte[1 << 20];
        Wait.Until(() =>
        {
            router.Send([identity, answer]);
            return log.Any(line => line.Contains("does not read"));
        });
        ExpectService();
    }

    [Fact]
    public void Every_ping_is_answered_with_its_context()
    {
        using var peer = new RawPeer(endpoint, "DEALER");
        peer.SendBytes(FrameEncoder.Command("PING"u8, [0, 5, 1, 2, 3]));
        Assert.Equal([4, .. "PONG"u8, 1, 2, 3], peer.ReadFrame().Body);
        peer.SendBytes(FrameEncoder.Command("UNHEARDOF"u8, [1]));
        ExpectService();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_subscriber_that_stops_reading_is_closed_and_one_that_reads_slowly_loses_nothing(byte minorVersion)
    {
        const int count = 400;
        using var publisher = new PublisherSocket(context);
        string address = publisher.Bind("tcp://127.0.0.1:0").Text;
        using var deaf = new RawPeer(address, "SUB", minorVersion: minorVersion);
        using var slow = new RawPeer(address, "SUB", minorVersion: minorVersion);
        byte[] subscription = minorVersion == 0 ? FrameEncoder.Message([[1]]) : FrameEncoder.Command("SUBSCRIBE"u8, []);
        deaf.SendBytes(subscription);
        slow.SendBytes(subscription);
        Wait.Until(() => publisher.SubscriptionCount == 2);
        var source = new Thread(() =>
        {
            for (int i = 0; i < count; i++)
            {
                publisher.WaitForRoom(CancellationToken.None);
                publisher.Send([BitConverter.GetBytes(i), new byte[100_000]]);
            }
        });
        source.Start();
        for (int i = 0; i < count; i++)
        {
            if (i % 50 == 0)
            {
                Thread.Sleep(20);
            }

            Assert.Equal(i, BitConverter.ToInt32(slow.ReadFrame().Body));
            Assert.Equal(100_000, slow.ReadFrame().Body.Length);
        }

        source.Join();
        Assert.Contains(log, line => line.Contains("read nothing"));
    }

    [Fact]
    public void A_subscriber_that_subscribes_without_end_is_closed()
    {
        using var publisher = new PublisherSocket(context);
        using var peer = new RawPeer(publisher.Bind("tcp://127.0.0.1:0").Text, "SUB");
        for (int i = 0; i < 11; i++)
        {
            peer.SendBytes(FrameEncoder.Command("SUBSCRIBE"u8, [(byte)i]));
        }

        Assert.True(peer.IsClosedByPeer());
        ExpectClosed("subscribed more than");
    }

    private void ExpectClosed(string reason)
    {
        Wait.Until(() => log.Any(line => line.Contains(reason)));
        ExpectService();
    }

    private void ExpectService()
    {
        byte[] question = Guid.NewGuid().ToByteArray();
        friend.Send([question]);
        while (router.Receive(Soon) is { } message)
        {
            if (message.Frames.Count == 2 && message.Frames[1].AsSpan().SequenceEqual(question))
            {
                return;
            }
        }

        Assert.Fail("the friendly peer was not served");
    }

    private static bool Connects(string endpoint)
    {
        try
        {
            using var peer = new RawPeer(endpoint, "DEALER");
            return true;
        }
        catch (Exception error) when (error is System.Net.Sockets.SocketException or Xunit.Sdk.TrueException)
        {
            return false;
        }
    }
}
