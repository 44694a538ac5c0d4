using System.Text;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Tests;

public class ZmtpSocketTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("tcp")]
    [InlineData("ipc")]
    public void A_router_answers_each_dealer_under_its_identity(string transport)
    {
        using var context = new ZmtpContext();
        using var router = new RouterSocket(context);
        string endpoint = router.Bind(EndpointOf(transport)).Text;
        using var named = new DealerSocket(context) { Identity = "me"u8.ToArray() };
        using var unnamed = new DealerSocket(context);
        named.Connect(endpoint);
        unnamed.Connect(endpoint);
        named.Send([[1], [], new byte[70_000]]);
        unnamed.Send([[2]]);
        for (int i = 0; i < 2; i++)
        {
            ZmtpMessage request = router.Receive(Soon)!;
            Assert.True(router.Send([request.Frames[0], [(byte)(request.Frames[1][0] + 10)], .. request.Frames.Skip(2)]));
            Assert.Equal(request.Frames[1][0] == 1, request.Frames[0].AsSpan().SequenceEqual("me"u8));
        }

        ZmtpMessage first = named.Receive(Soon)!;
        Assert.Equal([1, 0, 70_000], first.Frames.Select(frame => frame.Length));
        Assert.Equal([11], first.Frames[0]);
        Assert.Equal([12], unnamed.Receive(Soon)!.Frames[0]);
        Assert.False(router.Send(["nobody"u8.ToArray(), [1]]));
    }

    [Fact]
    public void No_message_is_left_behind_while_many_threads_wake_the_context()
    {
        using var receiving = new ZmtpContext();
        using var sending = new ZmtpContext();
        var end = DateTime.UtcNow.AddSeconds(2.5);
        var stalls = new System.Collections.Concurrent.ConcurrentQueue<string>();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            using var router = new RouterSocket(receiving);
            using var dealer = new DealerSocket(sending);
            dealer.Connect(router.Bind("tcp://127.0.0.1:0").Text);
            for (int round = 0; DateTime.UtcNow < end && stalls.IsEmpty; round++)
            {
                // Several in a row, so that some come while the context already sends, and then silence, so that it sleeps.
                int burst = 1 + ((round + i) % 8);
                for (int sent = 0; sent < burst; sent++)
                {
                    dealer.Send([BitConverter.GetBytes(sent)]);
                    Thread.SpinWait(((round * 37) + (sent * 101)) % 300);
                }

                for (int got = 0; got < burst; got++)
                {
                    if (router.Receive(Soon) is not { } message || BitConverter.ToInt32(message.Frames[1]) != got)
                    {
                        stalls.Enqueue($"message {got} of {burst} in round {round} of thread {i}");
                        return;
                    }
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(stalls);
    }

    [Fact]
    public void A_message_larger_than_any_buffer_arrives_whole_and_small_ones_stay_in_order()
    {
        using var context = new ZmtpContext();
        using var router = new RouterSocket(context);
        using var dealer = new DealerSocket(context);
        dealer.Connect(router.Bind("tcp://127.0.0.1:0").Text);
        var large = new byte[30_000_000];
        new Random(1).NextBytes(large);
        dealer.Send([large]);
        for (int i = 0; i < 5000; i++)
        {
            dealer.Send([BitConverter.GetBytes(i), []]);
        }

        Assert.True(large.AsSpan().SequenceEqual(router.Receive(Soon)!.Frames[1]));
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(router.Receive(Soon)!.Frames[1]));
        }
    }

    [Fact]
    public void A_peer_that_comes_back_under_its_identity_takes_the_place_of_its_old_connection()
    {
        using var context = new ZmtpContext();
        using var router = new RouterSocket(context);
        string endpoint = router.Bind("tcp://127.0.0.1:0").Text;
        using var old = new RawPeer(endpoint, "DEALER", "same");
        old.Send(0, [1]);
        Assert.NotNull(router.Receive(Soon));
        using var other = new RawPeer(endpoint, "DEALER", "same");
        other.Send(0, [2]);
        ZmtpMessage message = router.Receive(Soon)!;
        Assert.Equal([2], message.Frames[1]);
        Assert.True(router.Send([message.Frames[0], [3]]));
        Assert.Equal([3], other.ReadFrame().Body);
        Assert.True(old.IsClosedByPeer());
    }

    [Fact]
    public void Requests_are_answered_in_turn_and_their_envelopes_kept()
    {
        using var context = new ZmtpContext();
        using var reply = new ReplySocket(context);
        string endpoint = reply.Bind("tcp://127.0.0.1:0").Text;
        using var request = new RequestSocket(context);
        using var dealer = new DealerSocket(context);
        request.Connect(endpoint);
        dealer.Connect(endpoint);
        request.Send([[1], [2]]);
        IReadOnlyList<byte[]> body = reply.ReceiveRequest(Soon)!;
        Assert.Equal(2, body.Count);
        reply.Reply(body);
        Assert.Equal([[1], [2]], request.Receive(Soon)!.Frames);
        dealer.Send([[7], [8], [], [9]]);
        reply.Reply(reply.ReceiveRequest(Soon)!);
        Assert.Equal([[7], [8], [], [9]], dealer.Receive(Soon)!.Frames);
    }

    [Fact]
    public void Subscribers_get_their_topics_and_the_publisher_hears_of_them()
    {
        var welcomed = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var context = new ZmtpContext();
        using var publisher = new PublisherSocket(context)
        {
            Subscribed = (topic, answer) =>
            {
                welcomed.Enqueue(Encoding.UTF8.GetString(topic));
                answer([topic, "welcome"u8.ToArray()]);
            },
        };
        using var subscriber = new SubscriberSocket(context);
        subscriber.Connect(publisher.Bind("tcp://127.0.0.1:0").Text);
        subscriber.Subscribe("a."u8);
        Assert.Equal("welcome", Encoding.UTF8.GetString(subscriber.Receive(Soon)!.Frames[1]));
        publisher.Send(["b.1"u8.ToArray(), [0]]);
        publisher.Send(["a.1"u8.ToArray(), [1]]);
        Assert.Equal([1], subscriber.Receive(Soon)!.Frames[1]);
        subscriber.Subscribe(""u8);
        Assert.NotNull(subscriber.Receive(Soon));
        publisher.Send(["a.2"u8.ToArray(), [2]]);
        publisher.Send(["b.2"u8.ToArray(), [3]]);
        Assert.Equal([2], subscriber.Receive(Soon)!.Frames[1]);
        Assert.Equal([3], subscriber.Receive(Soon)!.Frames[1]);
        subscriber.Unsubscribe(""u8);
        Wait.Until(() => publisher.SubscriptionCount == 1);
        publisher.Send(["b.3"u8.ToArray(), [4]]);
        publisher.Send(["a.3"u8.ToArray(), [5]]);
        Assert.Equal([5], subscriber.Receive(Soon)!.Frames[1]);
        Assert.Equal(["a.", ""], welcomed);
    }

    [Fact]
    public void A_client_started_first_or_cut_off_connects_when_the_server_is_there()
    {
        using var context = new ZmtpContext();
        using var dealer = new DealerSocket(context);
        string endpoint = EndpointOf("ipc");
        dealer.Connect(endpoint);
        dealer.Send([[1]]);
        using (var serverContext = new ZmtpContext())
        using (var server = new RouterSocket(serverContext))
        {
            server.Bind(endpoint);
            Assert.Equal([1], server.Receive(Soon)!.Frames[1]);
        }

        Wait.Until(() => dealer.PeerCount == 0);
        dealer.Send([[2]]);
        using var nextContext = new ZmtpContext();
        using var next = new RouterSocket(nextContext);
        next.Bind(endpoint);
        Assert.Equal([2], next.Receive(Soon)!.Frames[1]);
    }

    [Fact]
    public void What_was_sent_before_the_end_still_arrives()
    {
        using var clientContext = new ZmtpContext();
        using var dealer = new DealerSocket(clientContext);
        using (var context = new ZmtpContext())
        using (var router = new RouterSocket(context))
        {
            dealer.Connect(router.Bind("tcp://127.0.0.1:0").Text);
            dealer.Send([[1]]);
            byte[] identity = router.Receive(Soon)!.Frames[0];
            for (int i = 0; i < 100; i++)
            {
                router.Send([identity, new byte[10_000]]);
            }
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(10_000, dealer.Receive(Soon)!.Frames[0].Length);
        }
    }

    [Theory]
    [InlineData("127.0.0.1:80")]
    [InlineData("tcp://127.0.0.1")]
    [InlineData("tcp://127.0.0.1:99999")]
    [InlineData("udp://127.0.0.1:1")]
    [InlineData("ipc://")]
    [InlineData("")]
    public void What_is_no_endpoint_is_refused_with_the_form_that_works(string text)
    {
        var error = Assert.Throws<FormatException>(() => ZmtpEndpoint.Parse(text));
        Assert.Contains("tcp://address:port", error.Message);
    }

    private static string EndpointOf(string transport) => transport == "tcp"
        ? "tcp://127.0.0.1:0"
        : $"ipc://{Path.Combine(Path.GetTempPath(), $"tensorcell-{Guid.NewGuid():N}")}";
}
