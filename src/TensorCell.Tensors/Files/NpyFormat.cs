using System.Buffers.Binary;
using System.Text;
using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>The head of an <c>.npy</c> file or member: a mark, a version, the length of a header and the header.</summary>
internal static class NpyFormat
{
    private const int Alignment = 64;

    /// <summary>The longest header that is read; NumPy's own are shorter than a kilobyte.</summary>
    private const int GreatestHeaderLength = 1 << 20;

    private static ReadOnlySpan<byte> Mark => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the head and checks it against the number of bytes that there are.</summary>
    /// <param name="source">The file, or the member, from its first byte.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="part">What is being read, for errors.</param>
    /// <exception cref="InvalidDataException">It is no sound head of so many bytes.</exception>
    public static NpyHeader Read(ReadableBytes source, long length, FilePart part)
    {
        Span<byte> start = stackalloc byte[Mark.Length + 2];
        if (source.Read(0, start) < start.Length || !start.StartsWith(Mark))
        {
            part.Refuse("it does not begin with the mark of an .npy file");
        }

        (int major, int minor) = (start[^2], start[^1]);
        if (major is < 1 or > 3 || minor != 0)
        {
            part.Refuse($"its format version is {major}.{minor}; 1.0, 2.0 and 3.0 are read");
        }

        Span<byte> prefix = stackalloc byte[major == 1 ? sizeof(ushort) : sizeof(uint)];
        if (source.Read(start.Length, prefix) < prefix.Length)
        {
            part.Refuse("it ends before its header");
        }

        uint headerLength = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix) : BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        int headerStart = start.Length + prefix.Length;
        if (headerLength > GreatestHeaderLength || headerLength > length - headerStart)
        {
            part.Refuse($"its header claims {headerLength} bytes, and there are {length - headerStart} after its length (at most {GreatestHeaderLength} are read)");
        }

        byte[] header = new byte[headerLength];
        if (source.Read(headerStart, header) < header.Length)
        {
            part.Refuse("it ends within its header");
        }

        return Check(NpyHeaderParser.Parse(header, part), headerStart + headerLength, length, part);
    }

    /// <summary>The head before elements that lie in row-major order, or whose first axis moves fastest.</summary>
    public static byte[] Write(DType dtype, Shape shape, bool isFortranOrder)
    {
        string axes = shape.Rank == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
        string text = $"{{'descr': '{NpyElementType.NameOf(dtype)}', 'fortran_order': {(isFortranOrder ? "True" : "False")}, 'shape': {axes}, }}";
        bool isLong = text.Length + Alignment > ushort.MaxValue;
        int prefixLength = Mark.Length + 2 + (isLong ? sizeof(uint) : sizeof(ushort));
        int length = (prefixLength + text.Length + 1 + Alignment - 1) & -Alignment;
        byte[] head = new byte[length];
        head.AsSpan().Fill((byte)' ');
        Mark.CopyTo(head);
        (head[6], head[7]) = (isLong ? (byte)2 : (byte)1, 0);
        if (isLong)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), (uint)(length - prefixLength));
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)(length - prefixLength));
        }

        Encoding.ASCII.GetBytes(text, head.AsSpan(prefixLength));
        head[^1] = (byte)'\n';
        return head;
    }

    /// <summary>The shape in which the elements lie in row-major order: the axes of an array in Fortran's order, turned round.</summary>
    public static Shape StoredShape(NpyHeader header) =>
        header.IsFortranOrder ? Shape.Of([.. header.Shape.Reverse()]) : header.Shape;

    /// <summary>A tensor of a header's shape over elements that lie as the file has them.</summary>
    public static Tensor Over(Storage storage, NpyHeader header)
    {
        Tensor tensor = Tensor.Wrap(storage, StoredShape(header), header.DType);
        return header is { IsFortranOrder: true, Shape.Rank: > 1 }
            ? tensor.Permute([.. Enumerable.Range(0, tensor.Rank).Reverse()])
            : tensor;
    }

    private static NpyHeader Check(
        (string ElementType, bool IsFortranOrder, List<int> Shape) header, long offset, long length, FilePart part)
    {
        StoredElement element = NpyElementType.Parse(header.ElementType, part);
        Shape shape;
        try
        {
            shape = Shape.Of([.. header.Shape]);
        }
        catch (ArgumentException error)
        {
            return part.Refuse<NpyHeader>(error.Message);
        }

        long bytes = shape.Count * element.Size;
        return bytes == length - offset
            ? new NpyHeader(header.ElementType, element.DType, shape, header.IsFortranOrder, offset, bytes)
            : part.Refuse<NpyHeader>(
                $"its header says {header.ElementType} of shape {shape}, {bytes} bytes, and {length - offset} follow it: it is {(bytes > length - offset ? "cut short" : "longer than one array")}, or damaged");
    }
}
