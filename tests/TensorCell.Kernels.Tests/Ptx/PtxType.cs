namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>A fundamental type of PTX: predicates, untyped bits, and unsigned, signed and floating-point numbers.</summary>
/// <param name="Kind">p, b, u, s or f.</param>
/// <param name="Bits">Its width.</param>
internal readonly record struct PtxType(char Kind, int Bits)
{
    public static readonly PtxType Predicate = new('p', 1);

    /// <summary>Bytes in memory.</summary>
    public int Size => Bits / 8;

    /// <summary>The bits that belong to a value.</summary>
    public ulong Mask => Bits == 64 ? ulong.MaxValue : (1ul << Bits) - 1;

    /// <summary>The type of a name without its dot, or null if there is none.</summary>
    public static PtxType? Parse(string name) => name switch
    {
        "pred" => Predicate,
        "b8" or "b16" or "b32" or "b64" or "u8" or "u16" or "u32" or "u64" or "s8" or "s16" or "s32" or "s64" or "f16" or "f32" or "f64" =>
            new(name[0], int.Parse(name[1..])),
        _ => null,
    };

    /// <summary>Whether an operand so declared serves an instruction of this type, by the rules of the ISA's table of operand types.</summary>
    public bool Accepts(PtxType declared) => Bits == declared.Bits && AcceptsKind(declared);

    /// <summary>The same where ld, st and cvt let integers and bits lie in wider registers.</summary>
    public bool AcceptsWider(PtxType declared) => Accepts(declared)
        || (Kind is 'b' or 'u' or 's' && declared.Kind is 'b' or 'u' or 's' && declared.Bits > Bits)
        || (this == new PtxType('f', 16) && declared == new PtxType('b', 16));

    private bool AcceptsKind(PtxType declared) => (Kind, declared.Kind) switch
    {
        ('p', 'p') => true,
        ('p', _) or (_, 'p') => false,
        ('b', _) or (_, 'b') => true,
        ('f', 'f') => true,
        ('f', _) or (_, 'f') => false,
        _ => true,
    };

    public override string ToString() => Kind == 'p' ? ".pred" : $".{Kind}{Bits}";
}
