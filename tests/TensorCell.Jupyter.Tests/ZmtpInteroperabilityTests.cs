using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Tests;

/// <summary>Our sockets against the real libzmq.</summary>
public class ZmtpInteroperabilityTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("tcp")]
    [InlineData("ipc")]
    public void Libzmq_clients_talk_to_our_servers(string transport)
    {
        PythonClient.Need("zmq");
        using var context = new ZmtpContext();
        using var router = new RouterSocket(context);
        using var reply = new ReplySocket(context);
        using var publisher = new PublisherSocket(context)
        {
            Subscribed = (topic, answer) => answer([topic, "welcome"u8.ToArray()]),
        };
        var endpoints = new JsonObject
        {
            ["router"] = Bind(router, transport),
            ["reply"] = Bind(reply, transport),
            ["publisher"] = Bind(publisher, transport),
        };
        new Thread(() =>
        {
            while (reply.ReceiveRequest(Timeout.InfiniteTimeSpan) is { } request)
            {
                reply.Reply(request);
            }
        })
        { IsBackground = true }.Start();
        new Thread(() =>
        {
            while (router.Receive() is { } message)
            {
                if (message.Frames[1].AsSpan().SequenceEqual("publish"u8))
                {
                    for (int i = 0; i < 2000; i++)
                    {
                        publisher.Send([i % 2 == 0 ? "even"u8.ToArray() : "odd"u8.ToArray(), Text(i)]);
                    }
                }
                else
                {
                    router.Send([message.Frames[0], .. message.Frames]);
                }
            }
        })
        { IsBackground = true }.Start();
        Assert.Contains("done", PythonClient.Finish(PythonClient.Start("zmq_peer.py", ["client", endpoints.ToJsonString()])));
    }

    [Fact]
    public void Our_clients_talk_to_libzmq_servers()
    {
        PythonClient.Need("zmq");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("tensorcell-zmq-");
        string file = Path.Combine(directory.FullName, "endpoints.json");
        using Process server = PythonClient.Start("zmq_peer.py", ["server", directory.FullName]);
        Wait.Until(() => File.Exists(file) || server.HasExited);
        JsonNode endpoints = JsonNode.Parse(File.ReadAllText(file))!;
        using var context = new ZmtpContext();
        using var dealer = new DealerSocket(context) { Identity = "tensorcell"u8.ToArray() };
        using var request = new RequestSocket(context);
        using var subscriber = new SubscriberSocket(context);
        dealer.Connect(endpoints["router"]!.GetValue<string>());
        request.Connect(endpoints["reply"]!.GetValue<string>());
        subscriber.Connect(endpoints["publisher"]!.GetValue<string>());
        for (int i = 0; i < 5; i++)
        {
            dealer.Send([Text(i), [], new byte[i * 100_000]]);
            ZmtpMessage answer = dealer.Receive(Soon)!;
            Assert.Equal([1, 0, i * 100_000, 4], answer.Frames.Select(frame => frame.Length));
        }

        for (int i = 0; i < 5; i++)
        {
            request.Send([Text(i)]);
            Assert.Equal([Text(i), "back"u8.ToArray()], request.Receive(Soon)!.Frames);
        }

        subscriber.Subscribe("topic"u8);
        for (int i = 1; i < 500; i += 2)
        {
            Assert.Equal(["topic"u8.ToArray(), Text(i)], subscriber.Receive(Soon)!.Frames);
        }

        subscriber.Unsubscribe("topic"u8);
        Assert.Contains("done", PythonClient.Finish(server));
        directory.Delete(recursive: true);
    }

    private static byte[] Text(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static string Bind(ZmtpSocket socket, string transport) => socket.Bind(transport == "tcp"
        ? "tcp://127.0.0.1:0"
        : $"ipc://{Path.Combine(Path.GetTempPath(), $"tensorcell-{Guid.NewGuid():N}")}").Text;
}
