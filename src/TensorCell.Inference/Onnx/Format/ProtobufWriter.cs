using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>
/// Writes one message of protobuf's wire format. Elements of tensors are not copied: they go from the tensor to the stream when the
/// whole is written.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int LargestCopied = 1 << 12;
    private readonly List<object> parts = [];
    private ArrayBufferWriter<byte> current = new();
    private long lengthOfParts;

    /// <summary>How many bytes the message takes.</summary>
    public long Length => lengthOfParts + current.WrittenCount;

    /// <summary>An integer.</summary>
    public void Integer(int field, long value)
    {
        Tag(field, ProtobufReader.Varint);
        Varint((ulong)value);
    }

    /// <summary>A 32-bit floating-point number.</summary>
    public void Float(int field, float value)
    {
        Tag(field, ProtobufReader.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(current.GetSpan(4), value);
        current.Advance(4);
    }

    /// <summary>Text.</summary>
    public void Text(int field, string value)
    {
        Tag(field, ProtobufReader.LengthDelimited);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, current);
    }

    /// <summary>Text, where there is any.</summary>
    public void TextIfAny(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Text(field, value);
        }
    }

    /// <summary>Another message inside this one.</summary>
    public void Message(int field, ProtobufWriter message)
    {
        Tag(field, ProtobufReader.LengthDelimited);
        Varint((ulong)message.Length);
        if (message.parts.Count == 0 && message.current.WrittenCount <= LargestCopied)
        {
            current.Write(message.current.WrittenSpan);
            return;
        }

        Append(message);
    }

    /// <summary>The fields of another writer, as if they had been written here.</summary>
    public void Append(ProtobufWriter fields)
    {
        EndPart();
        fields.EndPart();
        parts.AddRange(fields.parts);
        lengthOfParts += fields.lengthOfParts;
    }

    /// <summary>The elements of a tensor, little-endian, in row-major order; they must not change until the whole is written.</summary>
    public void Elements(int field, Tensor tensor)
    {
        Tag(field, ProtobufReader.LengthDelimited);
        Varint((ulong)tensor.ByteSize);
        EndPart();
        parts.Add(tensor.Contiguous().Realize());
        lengthOfParts += tensor.ByteSize;
    }

    /// <summary>Writes the message's bytes.</summary>
    /// <exception cref="OperationCanceledException">The running cell was interrupted.</exception>
    public void WriteTo(Stream stream)
    {
        EndPart();
        foreach (object part in parts)
        {
            if (part is ReadOnlyMemory<byte> bytes)
            {
                stream.Write(bytes.Span);
            }
            else
            {
                ElementWriter.Write(stream, (Tensor)part);
            }
        }
    }

    private void EndPart()
    {
        if (current.WrittenCount > 0)
        {
            parts.Add(current.WrittenMemory);
            lengthOfParts += current.WrittenCount;
            current = new ArrayBufferWriter<byte>();
        }
    }

    private void Tag(int field, int wire) => Varint(((ulong)field << 3) | (uint)wire);

    private void Varint(ulong value)
    {
        Span<byte> bytes = current.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        current.Advance(length);
    }
}
