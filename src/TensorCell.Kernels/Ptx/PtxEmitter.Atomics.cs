using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Atomic changes. Of f32 in global memory, hardware takes subnormal numbers for zero when it adds.</summary>
internal sealed partial class PtxEmitter
{
    private void Change(AtomicStatement statement)
    {
        var target = statement.Target;
        if (target.Storage is not (StorageType.Int32 or StorageType.UInt32 or StorageType.Int64 or StorageType.UInt64
            or StorageType.Float32 or StorageType.Float64))
        {
            throw Throw.AtomicStorage(program.Name, target.Name, target.Storage);
        }

        var type = target.Storage.Computed;
        var place = $"[{Address(target, statement.Indices, statement)}]";
        var value = InRegister(statement.Value);
        var atomic = $"atom.{Space(target)}";
        var bits = type.Size == sizeof(int) ? "b32" : "b64";
        var old = statement.Operation switch
        {
            AtomicOperation.Add => Result(type, $"{atomic}.add.{(type.IsFloatingPoint ? PtxTypes.Arithmetic(type) : "u" + bits[1..])}", place, value),
            AtomicOperation.Min when !type.IsFloatingPoint => Result(type, $"{atomic}.min.{PtxTypes.Arithmetic(type)}", place, value),
            AtomicOperation.Max when !type.IsFloatingPoint => Result(type, $"{atomic}.max.{PtxTypes.Arithmetic(type)}", place, value),
            AtomicOperation.Min => Extreme("min", type, target, place, value),
            AtomicOperation.Max => Extreme("max", type, target, place, value),
            AtomicOperation.And => Result(type, $"{atomic}.and.{bits}", place, value),
            AtomicOperation.Or => Result(type, $"{atomic}.or.{bits}", place, value),
            AtomicOperation.Xor => Result(type, $"{atomic}.xor.{bits}", place, value),
            AtomicOperation.Exchange => OfBits(type, Result(Bits(type), $"{atomic}.exch.{bits}", place, AsBits(type, value))),
            _ => OfBits(type, Result(
                Bits(type), $"{atomic}.cas.{bits}", place, AsBits(type, InRegister(statement.Comparand!)), AsBits(type, value))),
        };
        if (statement.Old is { } asked)
        {
            values[asked] = old;
        }
    }

    /// <summary>The lesser or greater of floating-point numbers: exchanged once no other item came between.</summary>
    private string Extreme(string instruction, DType type, MemoryOperand target, string place, string value)
    {
        var bits = type.Size == sizeof(int) ? "b32" : "b64";
        var again = writer.Label("EXCHANGE");
        var before = Result(Bits(type), $"ld.{Space(target)}.{bits}", place);
        writer.Place(again);
        var old = OfBits(type, before);
        var changed = AsBits(type, Extreme(instruction, type, old, value));
        var found = Result(Bits(type), $"atom.{Space(target)}.cas.{bits}", place, before, changed);
        var isTaken = Result(DType.Bool, $"setp.ne.{PtxTypes.Arithmetic(Bits(type))}", found, before);
        writer.Emit($"mov.{bits} {before}, {found}");
        writer.Emit($"@{isTaken} bra {again}");
        return old;
    }

    private static DType Bits(DType type) => type.Size == sizeof(int) ? DType.Int32 : DType.Int64;

    private string AsBits(DType type, string value) =>
        type.IsFloatingPoint ? Result(Bits(type), $"mov.{PtxTypes.Move(Bits(type))}", value) : value;

    private string OfBits(DType type, string bits) =>
        type.IsFloatingPoint ? Result(type, $"mov.{PtxTypes.Move(Bits(type))}", bits) : bits;
}
