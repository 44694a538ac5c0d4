using System.Buffers.Binary;
using System.Text;

namespace TensorCell.Jupyter.Zmtp;

/// <summary>What a peer said of itself in its READY command.</summary>
internal sealed record PeerProperties(string SocketType, byte[] Identity);

/// <summary>The greeting and the NULL mechanism of ZMTP 3.1.</summary>
internal static class Handshake
{
    /// <summary>Bytes of a greeting.</summary>
    public const int GreetingLength = 64;

    /// <summary>The greeting this side sends.</summary>
    public static byte[] Greeting()
    {
        var greeting = new byte[GreetingLength];
        greeting[0] = 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = 3;
        greeting[11] = 1;
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        return greeting;
    }

    /// <summary>Looks at as much of a greeting as has come, so that a stranger is turned away at its first byte.</summary>
    /// <exception cref="ZmtpException">The peer does not speak ZMTP 3 with the NULL mechanism.</exception>
    public static void CheckGreeting(ReadOnlySpan<byte> received)
    {
        if ((received.Length > 0 && received[0] != 0xFF) || (received.Length > 9 && received[9] != 0x7F))
        {
            Throw.Peer("the peer does not speak ZMTP 3: its greeting has no signature");
        }

        if (received.Length > 10 && received[10] < 3)
        {
            Throw.Peer($"the peer speaks an older ZMTP (revision {received[10]}); version 3 is needed, as in libzmq 4");
        }

        if (received.Length >= 32 && !received[12..32].TrimEnd((byte)0).SequenceEqual("NULL"u8))
        {
            Throw.Peer("the peer wants another security mechanism than NULL");
        }
    }

    /// <summary>The READY command this side sends.</summary>
    public static byte[] Ready(SocketKind kind, byte[] identity)
    {
        using var data = new MemoryStream();
        WriteProperty(data, "Socket-Type", Encoding.ASCII.GetBytes(kind.WireName));
        if (kind is SocketKind.Dealer or SocketKind.Request or SocketKind.Router)
        {
            WriteProperty(data, "Identity", identity);
        }

        return FrameEncoder.Command("READY"u8, data.ToArray());
    }

    /// <summary>Reads the data of a READY command.</summary>
    /// <exception cref="ZmtpException">The properties are malformed or name no socket type.</exception>
    public static PeerProperties ParseReady(ReadOnlySpan<byte> data)
    {
        string? socketType = null;
        byte[] identity = [];
        while (!data.IsEmpty)
        {
            int nameLength = data[0];
            if (nameLength == 0 || data.Length < 1 + nameLength + 4)
            {
                Throw.Peer("a property of the READY command is cut short");
            }

            string name = Encoding.ASCII.GetString(data.Slice(1, nameLength));
            uint valueLength = BinaryPrimitives.ReadUInt32BigEndian(data[(1 + nameLength)..]);
            data = data[(5 + nameLength)..];
            if (valueLength > data.Length)
            {
                Throw.Peer($"property '{name}' of the READY command claims {valueLength} bytes, {data.Length} came");
            }

            ReadOnlySpan<byte> value = data[..(int)valueLength];
            data = data[(int)valueLength..];
            if (name.Equals("Socket-Type", StringComparison.OrdinalIgnoreCase))
            {
                socketType = Encoding.ASCII.GetString(value);
            }
            else if (name.Equals("Identity", StringComparison.OrdinalIgnoreCase))
            {
                identity = value.Length <= 255 ? value.ToArray() : Throw.Peer<byte[]>("an identity may have at most 255 bytes");
            }
        }

        return new PeerProperties(socketType ?? Throw.Peer<string>("the READY command names no socket type"), identity);
    }

    private static void WriteProperty(MemoryStream data, string name, byte[] value)
    {
        data.WriteByte((byte)name.Length);
        data.Write(Encoding.ASCII.GetBytes(name));
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        data.Write(length);
        data.Write(value);
    }
}
