using System.Numerics;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>The computing instructions that the interpreter knows, by opcode and modifiers; it refuses all others.</summary>
internal static class PtxInstructionSet
{
    private static readonly PtxType f16 = new('f', 16);
    private static readonly PtxType f32 = new('f', 32);
    private static readonly PtxType f64 = new('f', 64);
    private static readonly PtxType count = new('u', 32);

    /// <summary>All of them.</summary>
    public static Dictionary<string, PtxOperation> Operations { get; } = Create();

    public static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    public static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    public static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    public static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>The bits of an integer type as a number.</summary>
    public static long Signed(PtxType type, ulong bits) => (long)(bits << (64 - type.Bits)) >> (64 - type.Bits);

    /// <summary>What happens where ISA leaves a result open: the back end must not get there.</summary>
    private static ulong Open(string what) => throw new InvalidOperationException($"{what}: the result is not specified");

    private static Dictionary<string, PtxOperation> Create()
    {
        var table = new Dictionary<string, PtxOperation>();
        foreach (var bits in (int[])[32, 64])
        {
            AddIntegers(table, bits);
            AddBits(table, new('b', bits));
        }

        AddTruth(table);
        AddReals(table, f32, Single, Bits, MathF.Sqrt, MathF.FusedMultiplyAdd, Math.Min, Math.Max);
        AddReals(table, f64, Double, Bits, Math.Sqrt, Math.FusedMultiplyAdd, Math.Min, Math.Max);
        AddConversions(table);
        return table;
    }

    private static void AddIntegers(Dictionary<string, PtxOperation> table, int width)
    {
        var (s, u) = (new PtxType('s', width), new PtxType('u', width));
        long S(ulong bits) => Signed(s, bits);
        void Two(string name, PtxType type, Func<ulong, ulong, ulong> apply) => table.Add($"{name}{type}", new(type, [type, type], (a, b, _) => apply(a, b)));
        Two("add", s, (a, b) => a + b);
        Two("sub", s, (a, b) => a - b);
        Two("mul.lo", s, (a, b) => a * b);
        Two("min", s, (a, b) => (ulong)Math.Min(S(a), S(b)));
        Two("max", s, (a, b) => (ulong)Math.Max(S(a), S(b)));
        var least = width == 32 ? int.MinValue : long.MinValue;
        Two("div", s, (a, b) => b == 0 || (S(b) == -1 && S(a) == least) ? Open("div") : (ulong)(S(a) / S(b)));
        Two("rem", s, (a, b) => b == 0 || (S(b) == -1 && S(a) == least) ? Open("rem") : (ulong)(S(a) % S(b)));
        Two("div", u, (a, b) => b == 0 ? Open("div") : a / b);
        Two("rem", u, (a, b) => b == 0 ? Open("rem") : a % b);
        table.Add($"neg{s}", new(s, [s], (a, _, _) => 0 - a));
        table.Add($"mad.lo{s}", new(s, [s, s, s], (a, b, c) => (a * b) + c));
        void Compare(string name, PtxType type, Func<ulong, ulong, bool> holds) =>
            table.Add($"setp.{name}{type}", new(PtxType.Predicate, [type, type], (a, b, _) => holds(a, b) ? 1ul : 0));
        Compare("eq", s, (a, b) => a == b);
        Compare("ne", s, (a, b) => a != b);
        Compare("lt", s, (a, b) => S(a) < S(b));
        Compare("le", s, (a, b) => S(a) <= S(b));
        Compare("gt", s, (a, b) => S(a) > S(b));
        Compare("ge", s, (a, b) => S(a) >= S(b));
        Compare("ge", u, (a, b) => a >= b);
        table.Add($"shr{s}", new(s, [s, count], (a, b, _) => (ulong)(S(a) >> (int)Math.Min(b, 63))));
        table.Add($"shr{u}", new(u, [u, count], (a, b, _) => b > 63 ? 0 : a >> (int)b));
    }

    private static void AddBits(Dictionary<string, PtxOperation> table, PtxType type)
    {
        table.Add($"and{type}", new(type, [type, type], (a, b, _) => a & b));
        table.Add($"or{type}", new(type, [type, type], (a, b, _) => a | b));
        table.Add($"xor{type}", new(type, [type, type], (a, b, _) => a ^ b));
        table.Add($"not{type}", new(type, [type], (a, _, _) => ~a));
        table.Add($"shl{type}", new(type, [type, count], (a, b, _) => b > 63 ? 0 : a << (int)b));
        table.Add($"popc{type}", new(count, [type], (a, _, _) => (ulong)BitOperations.PopCount(a)));
        table.Add($"clz{type}", new(count, [type], (a, _, _) => (ulong)(BitOperations.LeadingZeroCount(a) - 64 + type.Bits)));
        table.Add($"mov{type}", new(type, [type], (a, _, _) => a));
        table.Add($"selp{type}", new(type, [type, type, PtxType.Predicate], (a, b, c) => c != 0 ? a : b));
    }

    private static void AddTruth(Dictionary<string, PtxOperation> table)
    {
        var p = PtxType.Predicate;
        table.Add("and.pred", new(p, [p, p], (a, b, _) => a & b));
        table.Add("or.pred", new(p, [p, p], (a, b, _) => a | b));
        table.Add("xor.pred", new(p, [p, p], (a, b, _) => a ^ b));
        table.Add("not.pred", new(p, [p], (a, _, _) => a ^ 1));
        table.Add("mov.pred", new(p, [p], (a, _, _) => a));
    }

    private static void AddReals<T>(
        Dictionary<string, PtxOperation> table,
        PtxType type,
        Func<ulong, T> number,
        Func<T, ulong> bits,
        Func<T, T> root,
        Func<T, T, T, T> fused,
        Func<T, T, T> lesser,
        Func<T, T, T> greater)
        where T : IFloatingPointIeee754<T>
    {
        void One(string name, Func<T, T> apply) => table.Add(name, new(type, [type], (a, _, _) => bits(apply(number(a)))));
        void Two(string name, Func<T, T, T> apply) => table.Add($"{name}{type}", new(type, [type, type], (a, b, _) => bits(apply(number(a), number(b)))));
        Two("add.rn", (a, b) => a + b);
        Two("sub.rn", (a, b) => a - b);
        Two("mul.rn", (a, b) => a * b);
        Two("div.rn", (a, b) => a / b);
        Two("min", (a, b) => T.IsNaN(a) ? b : T.IsNaN(b) ? a : lesser(a, b));
        Two("max", (a, b) => T.IsNaN(a) ? b : T.IsNaN(b) ? a : greater(a, b));
        One($"neg{type}", a => -a);
        One($"abs{type}", T.Abs);
        One($"sqrt.rn{type}", root);
        One($"cvt.rmi{type}{type}", T.Floor);
        One($"cvt.rpi{type}{type}", T.Ceiling);
        One($"cvt.rzi{type}{type}", T.Truncate);
        One($"cvt.rni{type}{type}", a => T.Round(a, MidpointRounding.ToEven));
        table.Add($"fma.rn{type}", new(type, [type, type, type], (a, b, c) => bits(fused(number(a), number(b), number(c)))));
        table.Add($"mov{type}", new(type, [type], (a, _, _) => a));
        table.Add($"selp{type}", new(type, [type, type, PtxType.Predicate], (a, b, c) => c != 0 ? a : b));
        void Compare(string name, Func<T, T, bool> holds) =>
            table.Add($"setp.{name}{type}", new(PtxType.Predicate, [type, type], (a, b, _) => holds(number(a), number(b)) ? 1ul : 0));
        Compare("eq", (a, b) => a == b);
        Compare("neu", (a, b) => a != b);
        Compare("lt", (a, b) => a < b);
        Compare("le", (a, b) => a <= b);
        Compare("gt", (a, b) => a > b);
        Compare("ge", (a, b) => a >= b);
        Compare("num", (a, b) => !T.IsNaN(a) && !T.IsNaN(b));
        Compare("nan", (a, b) => T.IsNaN(a) || T.IsNaN(b));
    }

    private static void AddConversions(Dictionary<string, PtxOperation> table)
    {
        var (s32, s64, u32, u64) = (new PtxType('s', 32), new PtxType('s', 64), new PtxType('u', 32), new PtxType('u', 64));
        void Add(string name, PtxType to, PtxType from, Func<ulong, ulong> apply) => table.Add(name, new(to, [from], (a, _, _) => apply(a)));
        Add("cvt.s64.s32", s64, s32, a => (ulong)(int)a);
        Add("cvt.u64.u32", u64, u32, a => a);
        Add("cvt.u32.u64", u32, u64, a => (uint)a);
        Add("cvt.f64.f32", f64, f32, a => Bits((double)Single(a)));
        Add("cvt.rn.f32.f64", f32, f64, a => Bits((float)Double(a)));
        Add("cvt.rn.f32.s32", f32, s32, a => Bits((float)(int)a));
        Add("cvt.rn.f32.s64", f32, s64, a => Bits((float)(long)a));
        Add("cvt.rn.f64.s32", f64, s32, a => Bits((double)(int)a));
        Add("cvt.rn.f64.s64", f64, s64, a => Bits((double)(long)a));
        Add("cvt.rn.f64.u64", f64, u64, a => Bits((double)a));
        Add("cvt.f32.f16", f32, f16, a => Bits((float)BitConverter.UInt16BitsToHalf((ushort)a)));
        Add("cvt.rn.f16.f32", f16, f32, a => BitConverter.HalfToUInt16Bits((Half)Single(a)));

        // To integers NaN becomes 0 only from f32 to 32 bits, and the most negative number elsewhere.
        Add("cvt.rzi.s32.f32", s32, f32, a => (ulong)(int)Single(a));
        Add("cvt.rzi.s64.f32", s64, f32, a => float.IsNaN(Single(a)) ? 1ul << 63 : (ulong)(long)Single(a));
        Add("cvt.rzi.s32.f64", s32, f64, a => double.IsNaN(Double(a)) ? 1ul << 31 : (ulong)(int)Double(a));
        Add("cvt.rzi.s64.f64", s64, f64, a => double.IsNaN(Double(a)) ? 1ul << 63 : (ulong)(long)Double(a));
        Add("cvta.to.global.u64", u64, u64, a => a);
    }
}
