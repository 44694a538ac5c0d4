using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Contiguous arrays of the host with random values, and their copies on a device.</summary>
internal sealed unsafe class DeviceArrays
{
    private readonly byte[][] bytes;
    private readonly DType[] outputTypes;
    private readonly int inputCount;

    public DeviceArrays(int seed, Simd.ExpressionGenerator generator, KernelFunction function, long[] shape)
        : this(seed, generator, [.. function.Parameters], shape, [.. function.Results.Select(result => result.Type)], shape)
    {
    }

    public DeviceArrays(int seed, Simd.ExpressionGenerator generator, DType[] inputTypes, long[] shape, DType[] outputTypes, long[] outputShape)
    {
        var random = new Random(seed);
        this.outputTypes = outputTypes;
        inputCount = inputTypes.Length;
        bytes = [.. inputTypes.Select(type => Memory(type, shape)), .. outputTypes.Select(type => Memory(type, outputShape))];
        for (var i = 0; i < inputCount; i++)
        {
            for (var at = 0; at < bytes[i].Length; at += inputTypes[i].Size)
            {
                var value = generator.Value(inputTypes[i]);
                var isSpecial = value.Type.IsFloatingPoint && !double.IsFinite(value.ToDouble()) && random.Next(200) > 0;
                MemoryMarshal.AsBytes(new Span<long>([isSpecial ? 0 : value.Bits]))[..inputTypes[i].Size].CopyTo(bytes[i].AsSpan(at));
            }
        }

        Inputs = [.. inputTypes.Select((type, i) => new Operand(Address(i), type, Strides(type, shape)))];
        Outputs = [.. outputTypes.Select((type, i) => new Operand(Address(inputCount + i), type, Strides(type, outputShape)))];
    }

    public Operand[] Inputs { get; }

    public Operand[] Outputs { get; }

    /// <summary>The same on a device.</summary>
    public Copies On(CudaDevice device) => new(this, device);

    /// <summary>Whether the outputs are those of another, but for the bits of NaN and a relative error.</summary>
    public bool Agrees(byte[][] others, double tolerance = 0)
    {
        for (var i = 0; i < outputTypes.Length; i++)
        {
            var (type, mine) = (outputTypes[i], bytes[inputCount + i]);
            for (var at = 0; at < mine.Length; at += type.Size)
            {
                var (wanted, got) = (Read(type, mine, at), Read(type, others[i], at));
                var isClose = type.IsFloatingPoint && (double.IsNaN(wanted.ToDouble()) && double.IsNaN(got.ToDouble())
                    || Math.Abs(wanted.ToDouble() - got.ToDouble()) <= tolerance * (1 + Math.Abs(wanted.ToDouble())));
                if (wanted != got && !isClose)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static Scalar Read(DType type, byte[] bytes, int at) => type.Size switch
    {
        1 => bytes[at] != 0,
        4 when type == DType.Int32 => MemoryMarshal.Read<int>(bytes.AsSpan(at)),
        4 => MemoryMarshal.Read<float>(bytes.AsSpan(at)),
        _ => new(type, MemoryMarshal.Read<long>(bytes.AsSpan(at))),
    };

    private static byte[] Memory(DType type, long[] shape) =>
        GC.AllocateArray<byte>((int)shape.Aggregate((long)type.Size, (bytes, length) => bytes * length), pinned: true);

    private static long[] Strides(DType type, long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = type.Size;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= shape[d];
        }

        return strides;
    }

    private nint Address(int array) => (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes[array]));

    /// <summary>The arrays' copies in the memory of a device.</summary>
    internal sealed class Copies : IDisposable
    {
        private readonly DeviceArrays arrays;
        private readonly CudaDevice device;
        private readonly CudaBuffer[] buffers;

        public Copies(DeviceArrays arrays, CudaDevice device)
        {
            (this.arrays, this.device) = (arrays, device);
            buffers = [.. arrays.bytes.Select(array => device.Pool.Rent(array.Length))];
            for (var i = 0; i < buffers.Length; i++)
            {
                device.CopyFrom(buffers[i], 0, arrays.Address(i), arrays.bytes[i].Length);
            }

            Inputs = [.. arrays.Inputs.Select((operand, i) => operand with { Address = buffers[i].Address })];
            Outputs = [.. arrays.Outputs.Select((operand, i) => operand with { Address = buffers[arrays.inputCount + i].Address })];
        }

        public Operand[] Inputs { get; }

        public Operand[] Outputs { get; }

        /// <summary>The outputs, copied back.</summary>
        public byte[][] Back() =>
        [
            .. arrays.Outputs.Select((_, i) =>
            {
                var copy = GC.AllocateArray<byte>(arrays.bytes[arrays.inputCount + i].Length, pinned: true);
                fixed (byte* target = copy)
                {
                    device.CopyTo((nint)target, buffers[arrays.inputCount + i], 0, copy.Length);
                }

                return copy;
            }),
        ];

        public void Dispose() => Array.ForEach(buffers, buffer => buffer.Dispose());
    }
}
