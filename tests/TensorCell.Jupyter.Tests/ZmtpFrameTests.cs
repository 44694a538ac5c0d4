using FsCheck;
using FsCheck.Fluent;
using TensorCell.Jupyter.Zmtp;

namespace TensorCell.Jupyter.Tests;

public class ZmtpFrameTests
{
    private static readonly ZmtpLimits limits = new() { MessageBytes = 1 << 20, CommandBytes = 1 << 10 };

    [Fact]
    public void Any_message_survives_any_cut_of_its_bytes()
    {
        Gen<byte[][]> messages = ArbMap.Default.GeneratorFor<byte[]>()
            .Select(bytes => bytes.Length % 5 == 4 ? new byte[bytes.Length * 40] : bytes)
            .NonEmptyListOf().Select(frames => frames.ToArray());
        Gen<int[]> cuts = Gen.Choose(1, 300).NonEmptyListOf().Select(steps => steps.ToArray());
        Prop.ForAll(messages.ToArbitrary(), cuts.ToArbitrary(), (frames, steps) =>
        {
            byte[] wire = FrameEncoder.Message(frames);
            List<Frame> read = Decode(wire, steps);
            return read.Select(frame => Convert.ToHexString(frame.Body)).SequenceEqual(frames.Select(Convert.ToHexString))
                && read.SkipLast(1).All(frame => (frame.Flags & FrameFlags.More) != 0)
                && (read[^1].Flags & FrameFlags.More) == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Garbage_is_refused_or_waited_for_without_holding_more_than_came()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var decoder = new FrameDecoder(limits);
            ReadOnlySpan<byte> rest = bytes;
            try
            {
                while (decoder.TryRead(ref rest, out _))
                {
                }
            }
            catch (ZmtpException)
            {
                return true;
            }

            return decoder.HeldBytes <= (64 << 10) + (2 * bytes.Length);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0x10, 0, 0, 1 }, "larger than")]
    [InlineData(new byte[] { 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "larger than")]
    [InlineData(new byte[] { 6, 0, 0, 0, 0, 0, 0, 4, 1 }, "larger than")]
    [InlineData(new byte[] { 8, 1 }, "flags")]
    [InlineData(new byte[] { 5, 1 }, "flags")]
    public void Frames_out_of_bounds_are_refused_at_their_header(byte[] wire, string reason)
    {
        var error = Assert.Throws<ZmtpException>(() => Decode(wire, [1]));
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void A_claimed_length_allocates_nothing_before_bytes_come()
    {
        var decoder = new FrameDecoder(new ZmtpLimits());
        ReadOnlySpan<byte> header = [2, 0, 0, 0, 0, 0x0F, 0, 0, 0, 1, 2, 3];
        Assert.False(decoder.TryRead(ref header, out _));
        Assert.InRange(decoder.HeldBytes, 3, 64 << 10);
    }

    [Fact]
    public void A_ready_command_tells_type_and_identity_whatever_else_it_holds()
    {
        byte[] wire = Handshake.Ready(SocketKind.Dealer, [1, 2, 3]);
        PeerProperties properties = Handshake.ParseReady(wire.AsSpan(2 + 6));
        Assert.Equal("DEALER", properties.SocketType);
        Assert.Equal([1, 2, 3], properties.Identity);
    }

    [Fact]
    public void Malformed_ready_commands_and_greetings_only_ever_raise_a_protocol_error()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            Check(() => Handshake.ParseReady(bytes));
            Check(() => Handshake.CheckGreeting(bytes.AsSpan(0, Math.Min(64, bytes.Length))));
            Check(() => Handshake.CheckGreeting([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, .. bytes]));
        }).QuickCheckThrowOnFailure();

        static void Check(Action action)
        {
            try
            {
                action();
            }
            catch (ZmtpException)
            {
                // The one error that a malformed peer may cause.
            }
        }
    }

    private static List<Frame> Decode(byte[] wire, int[] steps)
    {
        var decoder = new FrameDecoder(limits);
        var read = new List<Frame>();
        for (int at = 0, step = 0; at < wire.Length; step++)
        {
            int take = Math.Min(steps[step % steps.Length], wire.Length - at);
            ReadOnlySpan<byte> chunk = wire.AsSpan(at, take);
            while (decoder.TryRead(ref chunk, out Frame frame))
            {
                read.Add(frame);
            }

            at += take;
        }

        return read;
    }
}
