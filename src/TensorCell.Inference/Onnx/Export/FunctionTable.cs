using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Inference.Onnx;

/// <summary>What each function on tensors is in ONNX: from the name that recording gives it to nodes.</summary>
internal static class FunctionTable
{
    private static readonly Dictionary<string, Func<FunctionCall, string>> functions = new(StringComparer.Ordinal)
    {
        ["negate"] = Unary("Neg"),
        ["abs"] = Unary("Abs"),
        ["sqrt"] = Unary("Sqrt"),
        ["floor"] = Unary("Floor"),
        ["ceiling"] = Unary("Ceil"),
        ["round"] = Unary("Round"),
        ["sign"] = Unary("Sign"),
        ["exp"] = Unary("Exp"),
        ["log"] = Unary("Log"),
        ["sin"] = Unary("Sin"),
        ["cos"] = Unary("Cos"),
        ["tan"] = Unary("Tan"),
        ["asin"] = Unary("Asin"),
        ["acos"] = Unary("Acos"),
        ["atan"] = Unary("Atan"),
        ["sinh"] = Unary("Sinh"),
        ["cosh"] = Unary("Cosh"),
        ["tanh"] = Unary("Tanh"),
        ["asinh"] = Unary("Asinh"),
        ["acosh"] = Unary("Acosh"),
        ["atanh"] = Unary("Atanh"),
        ["sigmoid"] = Unary("Sigmoid"),
        ["erf"] = Unary("Erf"),
        ["reciprocal"] = Unary("Reciprocal"),
        ["relu"] = Unary("Relu"),
        ["softplus"] = Unary("Softplus"),
        ["not"] = call => call.Result.DType == DType.Bool
            ? call.Node("Not", [call.Input(0)])
            : call.Node("Sub", [call.Node("Neg", [call.Input(0)]), call.Number(1)]),
        ["truncate"] = call => call.Node(
            "Where", [call.Node("Less", [call.Only(), call.Number(0)]), call.Node("Ceil", [call.Only()]), call.Node("Floor", [call.Only()])]),
        ["reciprocalsqrt"] = call => call.Node("Reciprocal", [call.Node("Sqrt", [call.Only()])]),
        ["cbrt"] = call => call.Node("Mul", [call.Node("Sign", [call.Only()]), call.Node("Pow", [call.Node("Abs", [call.Only()]), call.Number(1.0 / 3)])]),
        ["exp2"] = call => call.Node("Pow", [call.Number(2), call.Only()]),
        ["expm1"] = call => call.Node("Sub", [call.Node("Exp", [call.Only()]), call.Number(1)]),
        ["log2"] = call => call.Node("Mul", [call.Node("Log", [call.Only()]), call.Number(1 / Math.Log(2))]),
        ["log10"] = call => call.Node("Mul", [call.Node("Log", [call.Only()]), call.Number(1 / Math.Log(10))]),
        ["log1p"] = call => call.Node("Log", [call.Node("Add", [call.Only(), call.Number(1)])]),
        ["isnan"] = call => call.Node("IsNaN", [call.Input(0)]),
        ["isfinite"] = call => call.Node("Not", [call.Node("Or", [call.Node("IsNaN", [call.Input(0)]), call.Node("IsInf", [call.Input(0)])])]),
        ["leakyrelu"] = call => call.Node("LeakyRelu", [call.Only()], ("alpha", call.Result.Attribute<double>().First)),
        ["silu"] = call => call.Node("Mul", [call.Only(), call.Node("Sigmoid", [call.Only()])]),
        ["gelu"] = Gelu,

        ["add"] = Binary("Add"),
        ["subtract"] = Binary("Sub"),
        ["multiply"] = Binary("Mul"),
        ["divide"] = Binary("Div"),
        ["power"] = Binary("Pow"),
        ["minimum"] = Binary("Min"),
        ["maximum"] = Binary("Max"),
        ["remainder"] = call => call.Node("Mod", [call.Input(0, call.Result.DType), call.Input(1, call.Result.DType)], ("fmod", 1L)),
        ["and"] = Logical("And"),
        ["or"] = Logical("Or"),
        ["xor"] = Logical("Xor"),
        ["hypot"] = call => call.Node("Sqrt", [call.Node("Add", [Squared(call, 0), Squared(call, 1)])]),
        ["atan2"] = Atan2,

        ["equal"] = Comparison("Equal"),
        ["notequal"] = call => call.Node("Not", [Comparison("Equal")(call)]),
        ["less"] = Comparison("Less"),
        ["lessorequal"] = Comparison("LessOrEqual"),
        ["greater"] = Comparison("Greater"),
        ["greaterorequal"] = Comparison("GreaterOrEqual"),
        ["where"] = Where,
        ["convert"] = call => call.Node("Cast", [call.Input(0)], ("to", ElementTypes.Of(call.Result.DType))),

        ["matmul"] = Binary("MatMul"),
        ["softmax"] = AlongAxis("Softmax"),
        ["logsoftmax"] = AlongAxis("LogSoftmax"),
        ["logsumexp"] = Reduction("ReduceLogSumExp"),
        ["mean"] = Reduction("ReduceMean"),
        ["max"] = Reduction("ReduceMax"),
        ["min"] = Reduction("ReduceMin"),
        ["prod"] = Reduction("ReduceProd"),
        ["sum"] = Sum,
        ["any"] = Sum,
        ["all"] = Sum,
        ["argmax"] = Extreme("ArgMax"),
        ["argmin"] = Extreme("ArgMin"),

        ["copy"] = call => call.Node("Identity", [call.Input(0)]),
        ["reshape"] = call => call.Reshape(call.Input(0)),
        ["permute"] = call => call.Node("Transpose", [call.Input(0)], ("perm", call.Result.Attribute<int[]>().First)),
        ["broadcastto"] = Broadcast,
        ["slice"] = Slices.Emit,
        ["concat"] = call => call.Node(
            "Concat",
            Enumerable.Range(0, call.Count).Select(index => call.Input(index, call.Result.DType)).ToArray(),
            ("axis", (long)call.Result.Attribute<int>().First)),
        ["take"] = Take,
    };

    /// <summary>Adds the nodes that compute what a function did.</summary>
    /// <returns>The value of its result.</returns>
    /// <exception cref="OnnxException">ONNX has no counterpart.</exception>
    public static string Emit(FunctionCall call) => functions.TryGetValue(call.Name, out Func<FunctionCall, string>? emit)
        ? emit(call)
        : call.Exporter.Refuse<string>($"the function {call.Name} has no counterpart in ONNX; write it with functions of Tensor that have one");

    private static Func<FunctionCall, string> Unary(string operation) => call => call.Node(operation, [call.Only()]);

    private static Func<FunctionCall, string> Binary(string operation) =>
        call => call.Node(operation, [call.Input(0, call.Result.DType), call.Input(1, call.Result.DType)]);

    private static Func<FunctionCall, string> Comparison(string operation) => call =>
    {
        DType type = Tensor.Promote(call.Name, call.Source(0).First, call.Source(1).First);
        type = operation == "Equal" ? type : AsNumber(type);
        return call.Node(operation, [call.Input(0, type), call.Input(1, type)]);
    };

    private static Func<FunctionCall, string> Logical(string operation) => call => call.Result.DType == DType.Bool
        ? call.Node(operation, [call.Input(0, DType.Bool), call.Input(1, DType.Bool)])
        : call.Exporter.Refuse<string>($"{call.Name} of {call.Result.DType.Name}: opset {call.Exporter.Graph.Opset} has no operators on the bits of integers; use bool tensors");

    private static Func<FunctionCall, string> AlongAxis(string operation) =>
        call => call.Node(operation, [call.Only()], ("axis", (long)call.Result.Attribute<int>().First));

    private static Func<FunctionCall, string> Reduction(string operation) => call =>
        call.Node(operation, [call.Only()], ("axes", call.Reduction.Axes), ("keepdims", call.Reduction.KeepDims));

    private static Func<FunctionCall, string> Extreme(string operation) => call =>
    {
        ReductionPart part = call.Reduction;
        string input = call.Input(0, AsNumber(call.Source(0).DType));
        if (part.Axes.Length == 1)
        {
            return call.Node(operation, [input], ("axis", (long)part.Axes[0]), ("keepdims", part.KeepDims));
        }

        // Of all elements, the index is that in row-major order.
        string flat = call.Node("Reshape", [input, call.Exporter.Integers(-1)]);
        return call.Reshape(call.Node(operation, [flat], ("axis", 0L), ("keepdims", false)));
    };

    /// <summary>The type itself, but i32 for bool, which ONNX Runtime neither orders nor chooses between.</summary>
    private static DType AsNumber(DType type) => type == DType.Bool ? DType.Int32 : type;

    private static string Where(FunctionCall call)
    {
        DType type = AsNumber(call.Result.DType);
        return call.Cast(call.Node("Where", [call.Input(0), call.Input(1, type), call.Input(2, type)]), type, call.Result.DType);
    }

    private static string Sum(FunctionCall call)
    {
        long[] axes = [.. call.Reduction.Axes.Select(axis => (long)axis)];
        return call.Node("ReduceSum", [call.Only(), call.Exporter.Integers(axes)], ("keepdims", call.Reduction.KeepDims));
    }

    private static string Gelu(FunctionCall call)
    {
        string x = call.Only();
        string distribution = call.Node("Add", [call.Node("Erf", [call.Node("Div", [x, call.Number(Math.Sqrt(2))])]), call.Number(1)]);
        return call.Node("Mul", [call.Node("Mul", [x, distribution]), call.Number(0.5)]);
    }

    private static string Squared(FunctionCall call, int index)
    {
        string value = call.Input(index, call.Result.DType);
        return call.Node("Mul", [value, value]);
    }

    private static string Atan2(FunctionCall call)
    {
        string y = call.Input(0, call.Result.DType);
        string x = call.Input(1, call.Result.DType);
        string zero = call.Number(0);
        string angle = call.Node("Atan", [call.Node("Div", [y, x])]);
        string turn = call.Node("Where", [IsNegative(y), call.Number(-Math.PI), call.Number(Math.PI)]);
        string beside = call.Node("Where", [call.Node("Less", [x, zero]), call.Node("Add", [angle, turn]), angle]);

        // Where x is 0 the quotient says nothing, and the signs of zeros count.
        string upright = call.Node("Mul", [call.Node("Sign", [y]), call.Number(Math.PI / 2)]);
        string origin = call.Node("Where", [IsNegative(x), turn, y]);
        string above = call.Node("Where", [call.Node("Equal", [y, zero]), origin, upright]);
        return call.Node("Where", [call.Node("Equal", [x, zero]), above, beside]);

        string IsNegative(string value) =>
            call.Node("Or", [call.Node("Less", [value, zero]), call.Node("Less", [call.Node("Reciprocal", [value]), zero])]);
    }

    private static string Broadcast(FunctionCall call)
    {
        TracedTensor source = call.Source(0);
        BatchLength[] from = call.Exporter.Lengths(source);
        BatchLength[] to = call.Exporter.Lengths(call.Result);
        int added = to.Length - from.Length;
        for (int axis = added; axis < to.Length; axis++)
        {
            // Expand leaves a length as it is where 1 is asked for.
            to[axis] = to[axis] == from[axis - added] ? new BatchLength(0, 1) : to[axis];
        }

        return call.Node("Expand", [call.Input(0), call.Exporter.ShapeVector(to)]);
    }

    private static string Take(FunctionCall call)
    {
        TakePart part = call.Result.Attribute<TakePart>().First;
        DType type = part.Given.DType is DType.Int32 or DType.Int64 ? part.Given.DType : DType.Int64;
        return call.Node("Gather", [call.Input(0), call.Input(1, type)], ("axis", (long)part.Axis));
    }
}
