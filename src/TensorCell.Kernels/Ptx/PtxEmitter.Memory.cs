using System.Collections.Immutable;
using System.Globalization;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Loads and stores, their addresses and the checks of their indices.</summary>
internal sealed partial class PtxEmitter
{
    private const string Recording = "FAILED";

    private readonly Dictionary<MemoryOperand, string> addresses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(ViewOperand View, int Dimension), string> lengths = [];
    private readonly Dictionary<(ViewOperand View, int Dimension), string> strides = [];
    private (string Code, string Index, string Extent)? failed;

    /// <summary>Loads what is known of the views, and the addresses of shared arrays.</summary>
    private void EmitViews()
    {
        foreach (var view in program.Views)
        {
            var address = LoadParameter("u64", AddressOf(view), writer.Long());
            addresses[view] = Result(DType.Int64, "cvta.to.global.u64", address);
            for (var d = 0; d < view.Rank; d++)
            {
                lengths[(view, d)] = LoadParameter("u32", LengthOf(view, d), writer.Word());
                strides[(view, d)] = LoadParameter("u64", StrideOf(view, d), writer.Long());
            }
        }

        foreach (var operand in program.Shared)
        {
            addresses[operand] = Result(DType.Int64, "mov.u64", SharedName(operand));
        }
    }

    private string Load(LoadStatement statement)
    {
        var place = $"[{Address(statement.Source, statement.Indices, statement)}]";
        var load = $"ld.{Space(statement.Source)}";
        switch (statement.Source.Storage)
        {
            case StorageType.Bool:
                return Result(DType.Bool, "setp.ne.s32", Result(DType.Int32, $"{load}.u8", place), "0");
            case StorageType.Int8:
                return Result(DType.Int32, $"{load}.s8", place);
            case StorageType.UInt8:
                return Result(DType.Int32, $"{load}.u8", place);
            case StorageType.Int16:
                return Result(DType.Int32, $"{load}.s16", place);
            case StorageType.UInt16:
                return Result(DType.Int32, $"{load}.u16", place);
            case StorageType.Int32 or StorageType.UInt32:
                return Result(DType.Int32, $"{load}.b32", place);
            case StorageType.Int64 or StorageType.UInt64:
                return Result(DType.Int64, $"{load}.b64", place);
            case StorageType.Float16:
                var half = writer.Half();
                writer.Emit($"{load}.b16 {half}, {place}");
                return Result(DType.Float32, "cvt.f32.f16", half);
            case StorageType.BFloat16:
                return Result(DType.Float32, "mov.b32", Result(DType.Int32, "shl.b32", Result(DType.Int32, $"{load}.u16", place), "16"));
            case StorageType.Float32:
                return Result(DType.Float32, $"{load}.f32", place);
            default:
                return Result(DType.Float64, $"{load}.f64", place);
        }
    }

    private void Store(StoreStatement statement)
    {
        var place = $"[{Address(statement.Target, statement.Indices, statement)}]";
        var value = InRegister(statement.Value);
        var (type, stored) = statement.Target.Storage switch
        {
            StorageType.Bool => ("u8", Result(DType.Int32, "selp.b32", "1", "0", value)),
            StorageType.Int8 or StorageType.UInt8 => ("u8", value),
            StorageType.Int16 or StorageType.UInt16 => ("u16", value),
            StorageType.Int32 or StorageType.UInt32 => ("b32", value),
            StorageType.Int64 or StorageType.UInt64 => ("b64", value),
            StorageType.Float16 => ("b16", Half(value)),
            StorageType.BFloat16 => ("u16", BrainFloat(value)),
            StorageType.Float32 => ("f32", value),
            _ => ("f64", value),
        };
        writer.Emit($"st.{Space(statement.Target)}.{type} {place}, {stored}");
    }

    private string Half(string value)
    {
        var half = writer.Half();
        writer.Emit($"cvt.rn.f16.f32 {half}, {value}");
        return half;
    }

    /// <summary>The upper half of an f32, rounded to the nearest, ties to even; a NaN stays one.</summary>
    private string BrainFloat(string value)
    {
        var bits = Result(DType.Int32, "mov.b32", value);
        var upper = Result(DType.Int32, "shr.u32", bits, "16");
        var rounded = Result(DType.Int32, "add.s32", bits, "32767");
        rounded = Result(DType.Int32, "add.s32", rounded, Result(DType.Int32, "and.b32", upper, "1"));
        rounded = Result(DType.Int32, "shr.u32", rounded, "16");
        var isUndefined = Result(DType.Bool, "setp.nan.f32", value, value);
        return Result(DType.Int32, "selp.b32", Result(DType.Int32, "or.b32", upper, "64"), rounded, isUndefined);
    }

    private static string Space(MemoryOperand operand) => operand is ViewOperand ? "global" : "shared";

    /// <summary>The address of an element, after its indices were checked.</summary>
    private string Address(MemoryOperand operand, ImmutableArray<Node> at, Statement statement)
    {
        var isChecked = !program.Unchecked && !inRange.Contains(statement);
        for (var d = 0; d < at.Length && isChecked; d++)
        {
            Check(operand, d, at[d]);
        }

        var address = addresses[operand];
        for (var d = 0; d < at.Length; d++)
        {
            if (at[d] is not ConstantNode { Value.Bits: 0 })
            {
                var index = at[d].Type == DType.Int64 ? Use(at[d]) : Result(DType.Int64, "cvt.s64.s32", InRegister(at[d]));
                address = Result(DType.Int64, "mad.lo.s64", index, Stride(operand, d), address);
            }
        }

        return address;
    }

    private string Stride(MemoryOperand operand, int dimension)
    {
        if (operand is ViewOperand view)
        {
            return strides[(view, dimension)];
        }

        var stride = ((SharedOperand)operand).Lengths.Skip(dimension + 1).Aggregate(operand.Storage.Size, (bytes, length) => bytes * length);
        return stride.ToString(CultureInfo.InvariantCulture);
    }

    private string Length(MemoryOperand operand, int dimension) => operand is ViewOperand view
        ? lengths[(view, dimension)]
        : ((SharedOperand)operand).Lengths[dimension].ToString(CultureInfo.InvariantCulture);

    private void Check(MemoryOperand operand, int dimension, Node at)
    {
        var length = Length(operand, dimension);
        if (at is ConstantNode { Value.Bits: >= 0 and var known } && operand is SharedOperand array && known < array.Lengths[dimension])
        {
            return;
        }

        var index = InRegister(at);
        var code = PtxFailure.OutOfRange(
            operand is ViewOperand view ? view.Index : program.Views.Length + ((SharedOperand)operand).Index, dimension);
        if (at.Type == DType.Int32)
        {
            FailIf(Result(DType.Bool, "setp.ge.u32", index, length), code, index, length);
        }
        else
        {
            var wide = operand is ViewOperand ? Result(DType.Int64, "cvt.u64.u32", length) : length;
            FailIf(Result(DType.Bool, "setp.ge.u64", index, wide), code, index, wide);
        }
    }

    /// <summary>Leaves the item, once its error is recorded, where a condition holds.</summary>
    private void FailIf(string condition, int code, string index, string extent)
    {
        var label = writer.Label("FAIL");
        writer.Emit($"@{condition} bra {label}");
        failed ??= (writer.Word(), writer.Long(), writer.Long());
        failures.Add(() =>
        {
            writer.Place(label);
            writer.Emit($"mov.b32 {failed.Value.Code}, {code.ToString(CultureInfo.InvariantCulture)}");
            Widen(index, failed.Value.Index, "cvt.s64.s32");
            Widen(extent, failed.Value.Extent, "cvt.u64.u32");
            writer.Emit($"bra {Recording}");
        });
    }

    private void Widen(string value, string target, string conversion) =>
        writer.Emit(value.StartsWith("%r", StringComparison.Ordinal) && !value.StartsWith("%rd", StringComparison.Ordinal)
            ? $"{conversion} {target}, {value}"
            : $"mov.b64 {target}, {value}");

    /// <summary>The first item with an error claims the record and fills it in.</summary>
    private void EmitRecording()
    {
        var (code, index, extent) = failed!.Value;
        writer.Place(Recording);
        var record = Result(DType.Int64, "cvta.to.global.u64", LoadParameter("u64", "failure", writer.Long()));
        var before = Result(DType.Int32, "atom.global.cas.b32", $"[{record}]", "0", "1");
        writer.Emit($"@{Result(DType.Bool, "setp.ne.s32", before, "0")} exit");
        writer.Emit($"st.global.b32 [{record}+4], {code}");
        writer.Emit($"st.global.b64 [{record}+8], {index}");
        writer.Emit($"st.global.b64 [{record}+16], {extent}");
        writer.Emit("exit");
    }
}
