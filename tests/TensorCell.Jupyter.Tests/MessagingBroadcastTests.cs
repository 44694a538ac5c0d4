using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Jupyter.Messaging;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Tests;

public class MessagingBroadcastTests
{
    private static readonly byte[] parent = "{\"msg_id\":\"parent\"}"u8.ToArray();

    [Fact]
    public void Whatever_is_written_arrives_whole_and_in_order_however_it_is_cut()
    {
        using var bus = new Bus();
        Gen<(int What, string Text)> writes =
            from what in Gen.Choose(0, 9)
            from text in ArbMap.Default.GeneratorFor<NonNull<string>>()
            select (what, text.Get);
        Prop.ForAll(writes.NonEmptyListOf().ToArbitrary(), list =>
        {
            var expected = new StringBuilder();
            foreach ((int what, string text) in list)
            {
                switch (what)
                {
                    case 0:
                        bus.Channel.Publish("display_data", parent, new JsonObject { ["mark"] = "x" });
                        expected.Append("[display]");
                        break;
                    case 1 or 2:
                        bus.Channel.Stream("stderr", text, parent);
                        expected.Append(text);
                        break;
                    default:
                        bus.Channel.Stream("stdout", text, parent);
                        expected.Append(text);
                        break;
                }
            }

            bus.Channel.Publish("status", parent, new JsonObject { ["execution_state"] = "idle" });
            var got = new StringBuilder();
            while (bus.Next() is var message && message.Type != "status")
            {
                got.Append(message.Type == "stream" ? message.Content["text"]!.GetValue<string>() : "[display]");
            }

            return Clean(got.ToString()) == Clean(expected.ToString());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void Text_written_in_many_pieces_goes_out_in_few_messages_and_half_characters_wait()
    {
        using var bus = new Bus();
        for (int i = 0; i < 10_000; i++)
        {
            bus.Channel.Stream("stdout", "x", parent);
        }

        bus.Channel.Stream("stdout", "\ud83d", parent);
        Thread.Sleep(IoPubChannel.StreamDelay + TimeSpan.FromMilliseconds(10));
        bus.Channel.Stream("stdout", "\ude00", parent);
        bus.Channel.Publish("status", parent, []);
        int messages = 0;
        string text = "";
        while (bus.Next() is var message && message.Type != "status")
        {
            messages++;
            text += message.Content["text"]!.GetValue<string>();
        }

        Assert.Equal(new string('x', 10_000) + "\U0001F600", text);
        Assert.InRange(messages, 1, 100);
    }

    [Fact]
    public void A_new_subscriber_is_welcomed()
    {
        using var bus = new Bus();
        Assert.Equal("", bus.Welcome.Content["subscription"]!.GetValue<string>());
    }

    /// <summary>Text with what is no Unicode replaced, as it arrives.</summary>
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\uFFFD", "");

    private sealed class Bus : IDisposable
    {
        private readonly ZmtpContext context = new();
        private readonly MessageCodec codec = new([]);
        private readonly PublisherSocket publisher;
        private readonly SubscriberSocket subscriber;

        public Bus()
        {
            publisher = new PublisherSocket(context)
            {
                Subscribed = (topic, answer) => answer(codec.Encode(
                    [topic], "iopub_welcome", null, new JsonObject { ["subscription"] = Encoding.UTF8.GetString(topic) }).Frames),
            };
            Channel = new IoPubChannel(codec, publisher);
            subscriber = new SubscriberSocket(context);
            subscriber.Connect(publisher.Bind("tcp://127.0.0.1:0").Text);
            subscriber.Subscribe(""u8);
            Welcome = Next();
        }

        public IoPubChannel Channel { get; }

        public JupyterMessage Welcome { get; }

        public JupyterMessage Next()
        {
            ZmtpMessage message = subscriber.Receive(TimeSpan.FromSeconds(30))!;
            return codec.Decode(message.Frames, 0);
        }

        public void Dispose()
        {
            Channel.Dispose();
            subscriber.Dispose();
            publisher.Dispose();
            context.Dispose();
        }
    }
}
