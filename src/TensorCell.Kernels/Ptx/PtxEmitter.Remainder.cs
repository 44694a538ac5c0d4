using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>The remainder of floating-point numbers, which PTX lacks.</summary>
internal sealed partial class PtxEmitter
{
    /// <summary>
    /// Exact, by long division of the significands as integers, eleven binary digits at a time. Of f32 in f64, where it is exact too.
    /// </summary>
    private string Remainder(DType type, string left, string right)
    {
        if (type == DType.Float32)
        {
            var wide = Remainder(
                DType.Float64, Result(DType.Float64, "cvt.f64.f32", left), Result(DType.Float64, "cvt.f64.f32", right));
            return Result(DType.Float32, "cvt.rn.f32.f64", wide);
        }

        const string Infinity = "9218868437227405312";
        var (again, end) = (writer.Label("DIGITS"), writer.Label("REMAINDER_END"));
        var result = writer.Register(DType.Float64);
        var (x, y) = (Result(DType.Int64, "mov.b64", left), Result(DType.Int64, "mov.b64", right));
        var magnitude = Result(DType.Int64, "and.b64", x, "9223372036854775807");
        var divisor = Result(DType.Int64, "and.b64", y, "9223372036854775807");
        var sign = Result(DType.Int64, "xor.b64", x, magnitude);
        var undefined = Result(DType.Bool, "setp.eq.s64", divisor, "0");
        undefined = Result(DType.Bool, "or.pred", undefined, Result(DType.Bool, "setp.ge.s64", magnitude, Infinity));
        undefined = Result(DType.Bool, "or.pred", undefined, Result(DType.Bool, "setp.gt.s64", divisor, Infinity));
        writer.Emit($"selp.f64 {result}, 0d7FF8000000000000, {left}, {undefined}");
        var isLess = Result(DType.Bool, "setp.lt.s64", magnitude, divisor);
        writer.Emit($"@{Result(DType.Bool, "or.pred", undefined, isLess)} bra {end}");
        var (exponent, significand) = Parts(magnitude);
        var (divisorExponent, divisorSignificand) = Parts(divisor);
        var rest = Result(DType.Int64, "rem.u64", significand, divisorSignificand);
        var digits = Result(DType.Int32, "sub.s32", exponent, divisorExponent);
        var finished = writer.Label("DIGITS_END");
        writer.Place(again);
        writer.Emit($"@{Result(DType.Bool, "setp.le.s32", digits, "0")} bra {finished}");
        var count = Result(DType.Int32, "min.s32", digits, "11");
        var shifted = Result(DType.Int64, "shl.b64", rest, count);
        writer.Emit($"rem.u64 {rest}, {shifted}, {divisorSignificand}");
        writer.Emit($"sub.s32 {digits}, {digits}, {count}");
        writer.Emit($"bra {again}");
        writer.Place(finished);

        // The rest counts units in the last place of the divisor; their size as a number, which may be subnormal.
        var normal = Result(DType.Int64, "cvt.u64.u32", Result(DType.Int32, "sub.s32", divisorExponent, "52"));
        normal = Result(DType.Int64, "shl.b64", normal, "52");
        var subnormal = Result(DType.Int64, "shl.b64", Moved(DType.Int64, "1"), Result(DType.Int32, "sub.s32", divisorExponent, "1"));
        var isNormal = Result(DType.Bool, "setp.gt.s32", divisorExponent, "52");
        var unit = Result(DType.Float64, "mov.b64", Result(DType.Int64, "selp.b64", normal, subnormal, isNormal));
        var product = Result(DType.Float64, "mul.rn.f64", Result(DType.Float64, "cvt.rn.f64.u64", rest), unit);
        var signed = Result(DType.Int64, "or.b64", Result(DType.Int64, "mov.b64", product), sign);
        writer.Emit($"mov.b64 {result}, {signed}");
        writer.Place(end);
        return result;
    }

    /// <summary>The biased exponent, that of subnormals being 1, and the whole significand.</summary>
    private (string Exponent, string Significand) Parts(string magnitude)
    {
        var stored = Result(DType.Int32, "cvt.u32.u64", Result(DType.Int64, "shr.u64", magnitude, "52"));
        var fraction = Result(DType.Int64, "and.b64", magnitude, "4503599627370495");
        var isNormal = Result(DType.Bool, "setp.ne.s32", stored, "0");
        var hidden = Result(DType.Int64, "selp.b64", "4503599627370496", "0", isNormal);
        return (Result(DType.Int32, "max.s32", stored, "1"), Result(DType.Int64, "or.b64", fraction, hidden));
    }
}
