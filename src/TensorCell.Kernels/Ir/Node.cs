namespace TensorCell.Kernels.Ir;

/// <summary>
/// One value of a kernel, computed once per element. Nodes are immutable and form a directed acyclic graph: a node used twice
/// is computed once. Kernels compute in bool, i32, i64, f32 and f64; operands of one operation have one type.
/// </summary>
public abstract class Node
{
    private readonly Node[] operands;

    private protected Node(DType type, params Node[] operands)
    {
        Type = type;
        this.operands = operands;
    }

    /// <summary>The type of the value.</summary>
    public DType Type { get; }

    /// <summary>How many values this one is computed from.</summary>
    internal int OperandCount => operands.Length;

    /// <summary>What, beside type and operands, tells nodes of one class apart.</summary>
    internal virtual long Tag => 0;

    /// <summary>The value of operand <paramref name="index"/>.</summary>
    internal Node Operand(int index) => operands[index];

    /// <summary>The same operation on other operands of the same types.</summary>
    internal virtual Node With(ReadOnlySpan<Node> operands) => this;

    /// <summary>
    /// The varying input <paramref name="index"/>: another value for every element. Those of u8 and i8 are widened to i32 as they are read, those of
    /// f16 and bf16 to f32.
    /// </summary>
    public static Node Parameter(int index, DType type) => new ParameterNode(index, type);

    /// <summary>The uniform input <paramref name="index"/>: one value for a whole launch, never compiled in.</summary>
    public static Node Uniform(int index, DType type) => new UniformNode(index, Computed(type));

    /// <summary>A value that is compiled in.</summary>
    public static Node Constant(Scalar value) => new ConstantNode(value);

    /// <summary>The value of <paramref name="type"/> nearest to <paramref name="value"/>, compiled in.</summary>
    public static Node Constant(DType type, double value) => new ConstantNode(Scalar.From(type, value));

    /// <summary>An operation on one value.</summary>
    /// <exception cref="ArgumentException">The operation is not defined on the value's type.</exception>
    public static Node Unary(UnaryOperation operation, Node value) => UnaryNode.Create(operation, value);

    /// <summary>An operation on two values of one type.</summary>
    /// <exception cref="ArgumentException">The types differ, or the operation is not defined on them.</exception>
    public static Node Binary(BinaryOperation operation, Node left, Node right) => BinaryNode.Create(operation, left, right);

    /// <summary>A comparison of two values of one type; its type is bool.</summary>
    /// <exception cref="ArgumentException">The types differ.</exception>
    public static Node Compare(Comparison comparison, Node left, Node right) => CompareNode.Create(comparison, left, right);

    /// <summary><paramref name="whenTrue"/> where <paramref name="condition"/> holds, else <paramref name="whenFalse"/>.</summary>
    /// <exception cref="ArgumentException">The condition is not bool, or the types of the values differ.</exception>
    public static Node Select(Node condition, Node whenTrue, Node whenFalse) =>
        SelectNode.Create(condition, whenTrue, whenFalse);

    /// <summary>left · right + addend, rounded once.</summary>
    /// <exception cref="ArgumentException">The types differ or are not floating-point.</exception>
    public static Node FusedMultiplyAdd(Node left, Node right, Node addend) =>
        FusedMultiplyAddNode.Create(left, right, addend);

    /// <summary>
    /// The value as another type: to an integer it is truncated and saturates, NaN becoming 0; to bool it asks whether it is not zero.
    /// </summary>
    public static Node Convert(Node value, DType type) =>
        value.Type == Computed(type) ? value : new ConvertNode(value, type);

    /// <summary>The same bits as another type of the same size.</summary>
    /// <exception cref="ArgumentException">The sizes differ, or one of the types is bool.</exception>
    public static Node BitCast(Node value, DType type) => BitCastNode.Create(value, type);

    private static DType Computed(DType type) =>
        type is DType.Bool or DType.Int32 or DType.Int64 or DType.Float32 or DType.Float64 ? type : throw Throw.NotComputed(type);

    /// <summary>The textual form of the value and all it is computed from.</summary>
    public override string ToString() => NodeText.Of([this]);
}
