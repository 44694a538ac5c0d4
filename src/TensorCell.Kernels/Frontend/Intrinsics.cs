using System.Collections.Frozen;
using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>The methods of the runtime's library that kernels compute directly.</summary>
internal static class Intrinsics
{
    private static readonly FrozenDictionary<string, UnaryOperation> unary = new Dictionary<string, UnaryOperation>
    {
        ["Abs"] = UnaryOperation.Abs,
        ["Sqrt"] = UnaryOperation.Sqrt,
        ["Floor"] = UnaryOperation.Floor,
        ["Ceiling"] = UnaryOperation.Ceiling,
        ["Truncate"] = UnaryOperation.Truncate,
        ["Round"] = UnaryOperation.Round,
        ["ReciprocalSqrtEstimate"] = UnaryOperation.ReciprocalSqrt,
        ["Cbrt"] = UnaryOperation.Cbrt,
        ["Exp"] = UnaryOperation.Exp,
        ["Exp2"] = UnaryOperation.Exp2,
        ["ExpM1"] = UnaryOperation.ExpM1,
        ["Log"] = UnaryOperation.Log,
        ["Log2"] = UnaryOperation.Log2,
        ["Log10"] = UnaryOperation.Log10,
        ["LogP1"] = UnaryOperation.Log1P,
        ["Sin"] = UnaryOperation.Sin,
        ["Cos"] = UnaryOperation.Cos,
        ["Tan"] = UnaryOperation.Tan,
        ["Asin"] = UnaryOperation.Asin,
        ["Acos"] = UnaryOperation.Acos,
        ["Atan"] = UnaryOperation.Atan,
        ["Sinh"] = UnaryOperation.Sinh,
        ["Cosh"] = UnaryOperation.Cosh,
        ["Tanh"] = UnaryOperation.Tanh,
        ["Asinh"] = UnaryOperation.Asinh,
        ["Acosh"] = UnaryOperation.Acosh,
        ["Atanh"] = UnaryOperation.Atanh,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, BinaryOperation> binary = new Dictionary<string, BinaryOperation>
    {
        ["Min"] = BinaryOperation.Min,
        ["Max"] = BinaryOperation.Max,
        ["Pow"] = BinaryOperation.Pow,
        ["Atan2"] = BinaryOperation.Atan2,
        ["Hypot"] = BinaryOperation.Hypot,
    }.ToFrozenDictionary();

    /// <summary>How a kernel computes a method, or null if it is to be read as IL.</summary>
    public static Func<Node[], Node>? Find(MethodBase method)
    {
        var type = method.DeclaringType;
        if (!method.IsStatic || type is null || type.Assembly != typeof(object).Assembly)
        {
            return null;
        }

        if (type == typeof(BitConverter))
        {
            return method.Name switch
            {
                nameof(BitConverter.SingleToInt32Bits) or nameof(BitConverter.SingleToUInt32Bits) => x => Node.BitCast(x[0], DType.Int32),
                nameof(BitConverter.Int32BitsToSingle) or nameof(BitConverter.UInt32BitsToSingle) => x => Node.BitCast(x[0], DType.Float32),
                nameof(BitConverter.DoubleToInt64Bits) or nameof(BitConverter.DoubleToUInt64Bits) => x => Node.BitCast(x[0], DType.Int64),
                nameof(BitConverter.Int64BitsToDouble) or nameof(BitConverter.UInt64BitsToDouble) => x => Node.BitCast(x[0], DType.Float64),
                _ => null,
            };
        }

        if (type != typeof(Math) && type != typeof(MathF) && type != typeof(float) && type != typeof(double)
            && type != typeof(int) && type != typeof(long))
        {
            return null;
        }

        var parameters = method.GetParameters();
        var sameTypes = parameters.All(parameter => parameter.ParameterType == ((MethodInfo)method).ReturnType);
        return (method.Name, parameters.Length) switch
        {
            ("IsNaN", 1) => x => Node.Compare(Comparison.NotEqual, x[0], x[0]),
            ("IsFinite", 1) => x => Node.Compare(
                Comparison.Less, Node.Unary(UnaryOperation.Abs, x[0]), Node.Constant(x[0].Type, double.PositiveInfinity)),
            ("IsInfinity", 1) => x => Node.Compare(
                Comparison.Equal, Node.Unary(UnaryOperation.Abs, x[0]), Node.Constant(x[0].Type, double.PositiveInfinity)),
            ("Sign", 1) => x => Node.Convert(Node.Unary(UnaryOperation.Sign, x[0]), DType.Int32),
            _ when !sameTypes || Coercion.Computed(parameters[0].ParameterType) is null || IsUnsigned(parameters[0].ParameterType) => null,
            ("Clamp", 3) => x => Node.Binary(BinaryOperation.Min, Node.Binary(BinaryOperation.Max, x[0], x[1]), x[2]),
            ("FusedMultiplyAdd", 3) => x => Node.FusedMultiplyAdd(x[0], x[1], x[2]),
            ("Log", 2) => x => Node.Binary(BinaryOperation.Divide, Node.Unary(UnaryOperation.Log, x[0]), Node.Unary(UnaryOperation.Log, x[1])),
            ("CopySign", 2) => x => CopySign(x[0], x[1]),
            (var name, 1) when unary.TryGetValue(name, out var operation) => x => Node.Unary(operation, x[0]),
            (var name, 2) when binary.TryGetValue(name, out var operation) => x => Node.Binary(operation, x[0], x[1]),
            _ => null,
        };
    }

    private static bool IsUnsigned(Type type) => Type.GetTypeCode(type) is TypeCode.UInt32 or TypeCode.UInt64 or TypeCode.Byte or TypeCode.UInt16;

    private static Node CopySign(Node magnitude, Node sign)
    {
        var integer = magnitude.Type == DType.Float32 ? DType.Int32 : DType.Int64;
        var mask = Node.Constant(new Scalar(integer, integer == DType.Int32 ? int.MinValue : long.MinValue));
        var bits = Node.Binary(BinaryOperation.And, Node.BitCast(sign, integer), mask);
        return Node.BitCast(
            Node.Binary(BinaryOperation.Or, Node.BitCast(Node.Unary(UnaryOperation.Abs, magnitude), integer), bits), magnitude.Type);
    }
}
