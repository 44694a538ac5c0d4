using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>A number of C#, an integer or not, before it takes the element type of the tensor it meets.</summary>
internal readonly struct Number
{
    private readonly double real;
    private readonly long integer;

    /// <summary>A floating-point number.</summary>
    public Number(double value)
    {
        real = value;
        integer = double.IsFinite(value) && Math.Abs(value) < 9.2e18 ? (long)value : 0;
    }

    /// <summary>An integer.</summary>
    public Number(long value)
    {
        real = value;
        integer = value;
        IsInteger = true;
    }

    /// <summary>A truth value.</summary>
    public Number(bool value)
        : this(value ? 1L : 0L) => IsBool = true;

    /// <summary>Whether it was written as an integer or a truth value.</summary>
    public bool IsInteger { get; }

    /// <summary>Whether it was written as a truth value.</summary>
    public bool IsBool { get; }

    /// <summary>As a double.</summary>
    public double AsDouble => real;

    /// <summary>As a long, truncated.</summary>
    public long AsLong => integer;

    /// <summary>Whether an element of the type can hold the number.</summary>
    public bool Fits(DType dtype) => dtype switch
    {
        DType.UInt8 => integer is >= byte.MinValue and <= byte.MaxValue,
        DType.Int8 => integer is >= sbyte.MinValue and <= sbyte.MaxValue,
        DType.Int32 => integer is >= int.MinValue and <= int.MaxValue,
        _ => true,
    };

    /// <summary>The bits of the number as an element of the type, in the low bytes.</summary>
    public ulong Bits(DType dtype) => dtype switch
    {
        DType.Bool => real != 0 ? 1UL : 0UL,
        DType.UInt8 => (byte)integer,
        DType.Int8 => (byte)(sbyte)integer,
        DType.Int32 => (uint)(int)integer,
        DType.Int64 => (ulong)integer,
        DType.Float16 => BitConverter.HalfToUInt16Bits((Half)real),
        DType.BFloat16 => BFloat16Bits((float)real),
        DType.Float32 => BitConverter.SingleToUInt32Bits((float)real),
        _ => BitConverter.DoubleToUInt64Bits(real),
    };

    /// <summary>The number that a kernel's scalar holds.</summary>
    public static Number From(Scalar scalar) => scalar.Type switch
    {
        DType.Bool => new Number(scalar.AsBoolean),
        DType.Float32 => new Number(scalar.AsSingle),
        DType.Float64 => new Number(scalar.AsDouble),
        _ => new Number(scalar.Bits),
    };

    /// <summary>The number as an argument of a kernel.</summary>
    public Scalar As(DType type) => type switch
    {
        DType.Bool => real != 0,
        DType.Int32 => (int)integer,
        DType.Int64 => integer,
        DType.Float32 => (float)real,
        _ => real,
    };

    /// <summary>The number that an element of the type holds.</summary>
    public Number RoundedTo(DType dtype) => dtype switch
    {
        DType.Float16 => new Number((double)(Half)real),
        DType.BFloat16 => new Number((double)BitConverter.UInt32BitsToSingle((uint)BFloat16Bits((float)real) << 16)),
        _ => this,
    };

    /// <summary>Writes it to every element.</summary>
    public unsafe void Fill(DType dtype, Storage storage, long count)
    {
        ulong bits = Bits(dtype);
        switch (dtype.Size)
        {
            case 1:
                Fill((byte*)storage.Address, count, (byte)bits);
                break;
            case 2:
                Fill((ushort*)storage.Address, count, (ushort)bits);
                break;
            case 4:
                Fill((uint*)storage.Address, count, (uint)bits);
                break;
            default:
                Fill((ulong*)storage.Address, count, bits);
                break;
        }

        GC.KeepAlive(storage);
    }

    private static unsafe void Fill<T>(T* address, long count, T bits)
        where T : unmanaged
    {
        for (long done = 0; done < count;)
        {
            int length = (int)Math.Min(count - done, 1 << 24);
            new Span<T>(address + done, length).Fill(bits);
            done += length;
            Interruption.Check();
        }
    }

    private static ushort BFloat16Bits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
