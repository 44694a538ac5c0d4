using System.Reflection;
using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

internal sealed partial class MethodReader
{
    private void Read()
    {
        var name = current.Code.Name!;
        switch (name.Split('.')[0])
        {
            case "nop" or "volatile" or "unaligned" or "readonly" or "tail" or "break":
                break;
            case "constrained":
                constrained = method.Module.ResolveType((int)current.Operand, TypeArguments, MethodArguments);
                break;
            case "ldarg":
                Push(Load(arguments[IndexOf(current, "ldarg")]));
                break;
            case "ldarga":
                Push(new AddressValue(arguments[(int)current.Operand]));
                break;
            case "starg":
                Store(arguments[(int)current.Operand], Pop());
                break;
            case "ldloc":
                Push(Load(locals[IndexOf(current, "ldloc")]));
                break;
            case "ldloca":
                Push(new AddressValue(locals[(int)current.Operand]));
                break;
            case "stloc":
                Store(locals[IndexOf(current, "stloc")], Pop());
                break;
            case "ldc":
                Push(new NodeValue(Node.Constant(Constant(name))));
                break;
            case "dup":
                Push(state.Stack[^1]);
                break;
            case "pop":
                Probe(Pop());
                break;
            case "ldind" or "ldobj":
                Push(LoadFrom(Pop()));
                break;
            case "stind" or "stobj":
                var stored = Pop();
                StoreTo(Pop(), stored);
                break;
            case "initobj":
                Clear(Pop() is AddressValue cleared ? cleared.Location : throw Refused("a reference into memory outside the kernel"));
                break;
            case "ldfld":
                LoadField(takeAddress: false);
                break;
            case "ldflda":
                LoadField(takeAddress: true);
                break;
            case "stfld":
                StoreField();
                break;
            case "ldsfld":
                var field = Field();
                Push(kernel.Field(null, field) ?? throw Refused($"the static field '{field.Name}', a {field.FieldType}; kernels read numbers and Booleans"));
                break;
            case "stsfld":
                throw Refused($"a store to the static field '{Field().Name}'; a kernel only returns its result");
            case "ldsflda":
                throw Refused($"a reference to the static field '{Field().Name}'; copy it to a local first");
            case "newobj":
                Construct();
                break;
            case "call" or "callvirt":
                Call();
                break;
            case "ret":
                if (state.Stack.Count > 0 && method is MethodInfo { ReturnType: var returned })
                {
                    Push(Coerce(returned, Pop()));
                }

                break;
            case "br":
                break;
            case "brtrue":
                conditions.Add(Constants.Fold(Coercion.ToBoolean(PopNode())));
                break;
            case "brfalse":
                conditions.Add(Constants.Fold(Coercion.Not(Coercion.ToBoolean(PopNode()))));
                break;
            case "switch":
                var chosen = PopNode();
                for (var i = 0; i < current.Targets!.Length; i++)
                {
                    conditions.Add(Constants.Fold(Node.Compare(Comparison.Equal, chosen, Node.Constant(i))));
                }

                break;
            case "beq" or "bne" or "bgt" or "bge" or "blt" or "ble":
                conditions.Add(Constants.Fold(Compare(name[1..])));
                break;
            case "ceq" or "cgt" or "clt":
                PushNode(Compare(name[1..]));
                break;
            case "conv" when name == "conv.ovf.i" && state.Stack[^1] is NodeValue { Node.Type: DType.Int64 or DType.Int32 }:
                // Of the index of an element: 64 bits hold every one, so that nothing overflows.
                PushNode(Conversions.Convert(PopNode(), "conv.i")!);
                break;
            case "conv":
                PushNode(Conversions.Convert(PopNode(), name) ?? throw Refused(Unsupported(name)));
                break;
            case "sizeof" when StorageTypes.Of(method.Module.ResolveType((int)current.Operand, TypeArguments, MethodArguments)) is { } sized:
                Push(new NodeValue(Node.Constant(sized.Size)));
                break;
            case "ldlen":
                Push(Length(PopMemory(), 0));
                break;
            case "ldelem":
                var index = PopIndex();
                PushNode(LoadElement(PopMemory(), [index]));
                break;
            case "ldelema":
                var place = PopIndex();
                Push(new ElementValue(PopMemory(), new([place])));
                break;
            case "stelem":
                var element = Pop();
                var where = PopIndex();
                StoreElement(PopMemory(), [where], element);
                break;
            default:
                ReadArithmetic(name);
                break;
        }
    }

    private void ReadArithmetic(string name)
    {
        switch (name)
        {
            case "div.un":
                Binary(BinaryOperation.DivideUnsigned);
                break;
            case "rem.un":
                Binary(BinaryOperation.RemainderUnsigned);
                break;
            case "add":
                Binary(BinaryOperation.Add);
                break;
            case "sub":
                Binary(BinaryOperation.Subtract);
                break;
            case "mul":
                Binary(BinaryOperation.Multiply);
                break;
            case "div":
                Binary(BinaryOperation.Divide);
                break;
            case "rem":
                Binary(BinaryOperation.Remainder);
                break;
            case "and":
                Binary(BinaryOperation.And);
                break;
            case "or":
                Binary(BinaryOperation.Or);
                break;
            case "xor":
                Binary(BinaryOperation.Xor);
                break;
            case "shl":
                Shift(BinaryOperation.ShiftLeft);
                break;
            case "shr":
                Shift(BinaryOperation.ShiftRight);
                break;
            case "shr.un":
                Shift(BinaryOperation.ShiftRightLogical);
                break;
            case "neg":
                var negated = PopNode();
                PushNode(Node.Unary(UnaryOperation.Negate, negated.Type == DType.Bool ? Node.Convert(negated, DType.Int32) : negated));
                break;
            case "not":
                var complemented = PopNode();
                PushNode(Node.Unary(UnaryOperation.Not, complemented.Type == DType.Bool ? Node.Convert(complemented, DType.Int32) : complemented));
                break;
            default:
                throw Refused(Unsupported(name));
        }
    }

    private static string Unsupported(string name) => name.Split('.')[0] switch
    {
        "newarr" => "an allocation (new); kernels compute with numbers only, and read the arrays that they are given or capture",
        "localloc" => "an allocation (stackalloc); keep each value in a variable of its own, or in the memory that a group shares",
        "ldstr" => "a string; kernels compute with numbers only",
        "throw" or "rethrow" => "a throw; kernels cannot raise exceptions, return a value such as NaN instead",
        "leave" or "endfinally" => "a try block; kernels cannot handle exceptions",
        "box" or "unbox" or "castclass" or "isinst" => "a cast to or from an object; kernels compute with numbers only",
        "calli" or "ldftn" or "ldvirtftn" => "a delegate or function pointer; call the method by its name",
        "ldtoken" => "typeof or a table written in place; make the table an array outside of the kernel, which then reads it",
        "ldnull" => "null; kernels compute with numbers only",
        "conv" when name == "conv.ovf.i.un" => "an index of type ulong; cast it to long or int",
        _ when name.Contains(".ovf", StringComparison.Ordinal) => "checked arithmetic; kernels wrap around, use unchecked",
        _ => $"the IL instruction {name}",
    };

    private void Binary(BinaryOperation operation)
    {
        var right = PopNode();
        var left = PopNode();
        Coercion.Unify(ref left, ref right);
        if (left.Type == DType.Bool && operation is not (BinaryOperation.And or BinaryOperation.Or or BinaryOperation.Xor))
        {
            left = Node.Convert(left, DType.Int32);
            right = Node.Convert(right, DType.Int32);
        }

        var node = (BinaryNode)Node.Binary(operation, left, right);
        if (node.IsIntegerDivision && right is not ConstantNode { Value.Bits: not 0 })
        {
            // It may fail, and so must happen only where control comes.
            var quotient = new VariableNode(node.Type);
            kernel.Region.Statements.Add(new LetStatement(quotient, node));
            Push(new NodeValue(quotient));
        }
        else
        {
            PushNode(node);
        }
    }

    private void Shift(BinaryOperation operation)
    {
        var by = PopNode();
        var value = PopNode();
        if (value.Type == DType.Bool)
        {
            value = Node.Convert(value, DType.Int32);
        }

        PushNode(Node.Binary(operation, value, Coercion.To(value.Type, by)));
    }

    private Node Compare(string name)
    {
        var right = PopNode();
        var left = PopNode();
        Coercion.Unify(ref left, ref right);
        var unordered = name.Contains(".un", StringComparison.Ordinal);
        var comparison = name[..2] switch
        {
            "eq" => Comparison.Equal,
            "ne" => Comparison.NotEqual,
            "gt" => Comparison.Greater,
            "ge" => Comparison.GreaterOrEqual,
            "lt" => Comparison.Less,
            _ => Comparison.LessOrEqual,
        };
        if (left.Type == DType.Bool)
        {
            return CompareBooleans(comparison, left, right);
        }

        if (!unordered || comparison == Comparison.NotEqual)
        {
            return Node.Compare(comparison, left, right);
        }

        if (left.Type.IsFloatingPoint)
        {
            // Also true of NaN: the opposite of the opposite ordered comparison.
            return Coercion.Not(Node.Compare(comparison.Opposite, left, right));
        }

        if (comparison == Comparison.Greater && right is ConstantNode { Value.Bits: 0 })
        {
            return Node.Compare(Comparison.NotEqual, left, right);
        }

        var sign = Node.Constant(Scalar.SignBit(left.Type));
        return Node.Compare(
            comparison, Node.Binary(BinaryOperation.Xor, left, sign), Node.Binary(BinaryOperation.Xor, right, sign));
    }

    private static Node CompareBooleans(Comparison comparison, Node left, Node right) => comparison switch
    {
        Comparison.Equal when right is ConstantNode constant => constant.Value.AsBoolean ? left : Coercion.Not(left),
        Comparison.NotEqual or Comparison.Greater when right is ConstantNode { Value.Bits: 0 } => left,
        Comparison.Equal => Coercion.Not(Node.Binary(BinaryOperation.Xor, left, right)),
        Comparison.NotEqual => Node.Binary(BinaryOperation.Xor, left, right),
        _ => Node.Compare(comparison, Node.Convert(left, DType.Int32), Node.Convert(right, DType.Int32)),
    };

    private Scalar Constant(string name) => name switch
    {
        "ldc.i4.m1" => (Scalar)(-1),
        "ldc.i4" or "ldc.i4.s" => (Scalar)(int)current.Operand,
        "ldc.i8" => (Scalar)current.Operand,
        "ldc.r4" => (Scalar)BitConverter.Int32BitsToSingle((int)current.Operand),
        "ldc.r8" => (Scalar)BitConverter.Int64BitsToDouble(current.Operand),
        _ => (Scalar)(name[^1] - '0'),
    };

    private static int IndexOf(in IlInstruction instruction, string stem) =>
        instruction.Code.OperandType == OperandType.InlineNone ? instruction.Code.Name![stem.Length + 1] - '0' : (int)instruction.Operand;

    private Type[]? TypeArguments => method.DeclaringType?.GetGenericArguments();

    private Type[]? MethodArguments => method.IsGenericMethod ? method.GetGenericArguments() : null;

    private FieldInfo Field() => method.Module.ResolveField((int)current.Operand, TypeArguments, MethodArguments)!;
}
