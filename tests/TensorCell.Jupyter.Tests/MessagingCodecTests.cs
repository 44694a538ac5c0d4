using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Tests;

public class MessagingCodecTests
{
    private static readonly byte[] key = "secret"u8.ToArray();

    [Fact]
    public void What_one_side_encodes_the_other_decodes()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), ArbMap.Default.ArbFor<byte[][]>(), (values, buffers) =>
        {
            buffers = [.. buffers.Where(buffer => buffer is not null)];
            var content = new JsonObject { ["values"] = new JsonArray([.. values.Select(value => (JsonNode?)WellFormed(value))]) };
            List<byte[]> frames = new MessageCodec(key).Encode(["who"u8.ToArray(), []], "a_request", null, content, null, buffers).Frames;
            JupyterMessage message = new MessageCodec(key).Decode(frames, 0);
            return message.Type == "a_request" && message.Identities.Count == 2
                && JsonNode.DeepEquals(message.Content, content)
                && message.Buffers.SelectMany(buffer => buffer).SequenceEqual(buffers.SelectMany(buffer => buffer));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_signature_is_the_HMAC_of_the_four_parts()
    {
        List<byte[]> frames = new MessageCodec(key).Encode([], "t", "{}"u8.ToArray(), new JsonObject { ["a"] = "ü" }).Frames;
        byte[] signed = [.. frames[2], .. frames[3], .. frames[4], .. frames[5]];
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(key, signed)), Encoding.ASCII.GetString(frames[1]));
    }

    [Fact]
    public void Any_change_of_a_signed_message_is_noticed()
    {
        List<byte[]> honest = new MessageCodec(key).Encode([], "execute_request", null, new JsonObject { ["code"] = "1 + 1" }).Frames;
        Gen<(int Frame, int At, int Bit)> changes =
            from frame in Gen.Choose(1, 5)
            from at in Gen.Choose(0, honest[frame].Length - 1)
            from bit in Gen.Choose(0, 7)
            select (frame, at, bit);
        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            List<byte[]> forged = [.. honest.Select(frame => (byte[])[.. frame])];
            forged[change.Frame][change.At] ^= (byte)(1 << change.Bit);
            return Assert.Throws<MessageException>(() => new MessageCodec(key).Decode(forged, 0)).IsForged;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_message_is_taken_once()
    {
        var codec = new MessageCodec(key);
        List<byte[]> frames = new MessageCodec(key).Encode([], "t", null, []).Frames;
        codec.Decode(frames, 0);
        Assert.True(Assert.Throws<MessageException>(() => codec.Decode(frames, 0)).IsForged);
    }

    [Fact]
    public void Without_a_key_nothing_is_signed_or_checked()
    {
        List<byte[]> frames = new MessageCodec([]).Encode([], "t", null, []).Frames;
        Assert.Empty(frames[1]);
        frames[1] = "anything"u8.ToArray();
        Assert.Equal("t", new MessageCodec([]).Decode(frames, 0).Type);
        Assert.True(Assert.Throws<MessageException>(() => new MessageCodec(key).Decode(new MessageCodec([]).Encode([], "t", null, []).Frames, 0)).IsForged);
    }

    [Fact]
    public void Malformed_messages_raise_one_kind_of_error()
    {
        string[] parts = ["{}", "", "[]", "{", "nonsense", "\"\\ud800\"", "{\"msg_id\":\"\\ud800\",\"msg_type\":\"a\",\"session\":\"s\"}",
            "{\"msg_id\":1}", "{\"msg_id\":\"a\",\"msg_id\":\"b\"}", "\u00ff\u00fe", "<IDS|MSG>",
            "{\"msg_id\":\"a\",\"msg_type\":\"b\",\"session\":\"c\"}", new string('[', 1000)];
        Prop.ForAll(Gen.Elements(parts).ListOf().ToArbitrary(), chosen =>
        {
            try
            {
                new MessageCodec([]).Decode([.. chosen.Select(Encoding.Latin1.GetBytes)], 0);
                new MessageCodec([]).Decode(["<IDS|MSG>"u8.ToArray(), [], .. chosen.Select(Encoding.Latin1.GetBytes)], 0);
            }
            catch (MessageException)
            {
                // The one error that a malformed message may cause.
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData("a\U0001F600b", 0, 0)]
    [InlineData("a\U0001F600b", 1, 1)]
    [InlineData("a\U0001F600b", 2, 3)]
    [InlineData("a\U0001F600b", 3, 4)]
    [InlineData("a\U0001F600b", 9, 4)]
    [InlineData("a\U0001F600b", -1, 0)]
    [InlineData("", 3, 0)]
    public void Code_points_are_counted_as_Jupyter_does(string text, int codePoint, int utf16)
    {
        Assert.Equal(utf16, CodePoints.ToUtf16(text, codePoint));
        Assert.Equal(Math.Clamp(codePoint, 0, text.EnumerateRunes().Count()), CodePoints.FromUtf16(text, utf16));
    }

    [Theory]
    [InlineData("{", "not a connection file")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"transport": "pgm"}""", "use tcp or ipc")]
    [InlineData("""{"shell_port": "x"}""", "'shell_port' must be a port")]
    [InlineData("""{"shell_port": 70000}""", "'shell_port' must be a port")]
    [InlineData("""{"key": "a", "signature_scheme": "hmac-md5"}""", "use hmac-sha256")]
    [InlineData("""{"ip": 3}""", "'ip' must be text")]
    public void A_connection_file_that_is_none_is_refused_with_what_is_wrong(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ConnectionFile.Parse(json)).Message);

    [Fact]
    public void History_is_found_by_range_tail_and_pattern()
    {
        var history = new ExecutionHistory();
        for (int i = 1; i <= 10; i++)
        {
            history.Add(i, i % 2 == 0 ? "even()" : $"odd({i})\n.more", null);
        }

        Assert.Equal([3, 4], history.Range(0, 3, 5).Select(entry => entry.Line));
        Assert.Equal([9, 10], history.Range(1, 9, null).Select(entry => entry.Line));
        Assert.Empty(history.Range(-1, 0, null));
        Assert.Equal([9, 10], history.Tail(2).Select(entry => entry.Line));
        Assert.Empty(history.Tail(-3));
        Assert.Equal([7, 9], history.Search("odd(?)*", 2, isUnique: true).Select(entry => entry.Line));
        Assert.Equal([10], history.Search("even()", null, isUnique: true).Select(entry => entry.Line));
        Assert.Empty(history.Search("(((", null, isUnique: false));
    }

    private static string? WellFormed(string? value) =>
        value is null ? null : new string([.. value.Where(letter => !char.IsSurrogate(letter))]);
}
