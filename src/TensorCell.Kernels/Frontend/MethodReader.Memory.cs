using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

internal sealed partial class MethodReader
{
    /// <summary>The most elements that a group shares along one dimension.</summary>
    private const int MostShared = 1 << 20;

    private void PushNode(Node node) => Push(new NodeValue(Constants.Fold(node)));

    private MemoryOperand PopMemory() => MemoryOf(Pop())
        ?? throw Refused("an element of an array that is made in the kernel, or of an unsupported type; give arrays as inputs of the kernel instead");

    private MemoryOperand? MemoryOf(StackValue value) => value switch
    {
        MemoryValue memory => memory.Memory,
        AddressValue address => state.Variables.GetValueOrDefault(address.Location) switch
        {
            MemoryValue held => held.Memory,
            ChangingValue => throw Refused(ChangesInLoop),
            _ => null,
        },
        _ => null,
    };

    private static NodeValue Length(MemoryOperand memory, int dimension) => new(memory is ViewOperand view
        ? new LengthNode(view, dimension)
        : Node.Constant(((SharedOperand)memory).Lengths[dimension]));

    /// <summary>Reads a call of a member of a view or array; false if it is none.</summary>
    private bool ReadsMemory(MethodBase callee, StackValue[] values)
    {
        if (callee.DeclaringType is not { } type || values.Length == 0 || !(type.IsArray || type == typeof(Array) || IsView(type)))
        {
            return false;
        }

        if (MemoryOf(values[0]) is not { } memory)
        {
            return false;
        }

        switch (callee.Name)
        {
            case "op_Implicit" when callee is MethodInfo { ReturnType: var target } && IsView(target):
                Push(new MemoryValue(memory));
                return true;
            case "get_Item" or "Address":
                Push(new ElementValue(memory, new(Indices(values, 1, values.Length - 1))));
                return true;
            case "Get":
                PushNode(LoadElement(memory, Indices(values, 1, values.Length - 1)));
                return true;
            case "Set":
                StoreElement(memory, Indices(values, 1, values.Length - 2), values[^1]);
                return true;
            case "get_Length" when memory.Rank == 1:
                Push(Length(memory, 0));
                return true;
            case "get_Length":
                Node product = Length(memory, 0).Node;
                for (var d = 1; d < memory.Rank; d++)
                {
                    product = Node.Binary(BinaryOperation.Multiply, product, Length(memory, d).Node);
                }

                PushNode(product);
                return true;
            case "get_Rank":
                PushNode(Node.Constant(memory.Rank));
                return true;
            case "GetLength":
                if (values[1] is not NodeValue { Node: ConstantNode { Value.Bits: var dimension } } || dimension < 0 || dimension >= memory.Rank)
                {
                    throw Refused($"GetLength of '{memory.Name}' for a dimension that is no constant from 0 to {memory.Rank - 1}");
                }

                Push(Length(memory, (int)dimension));
                return true;
            default:
                throw Refused($"a call of {type.Name}.{callee.Name}; of views and arrays kernels use elements, Length and GetLength");
        }
    }

    private Node[] Indices(StackValue[] values, int first, int count)
    {
        var indices = new Node[count];
        for (var i = 0; i < count; i++)
        {
            indices[i] = AsIndex(values[first + i]);
        }

        return indices;
    }

    private Node PopIndex() => AsIndex(Pop());

    private Node AsIndex(StackValue value) => value is NodeValue { Node: var node }
        ? node.Type == DType.Bool ? Node.Convert(node, DType.Int32) : node
        : throw Refused("an index that is not a number");

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() is var definition
        && (definition == typeof(View<>) || definition == typeof(View2<>) || definition == typeof(View3<>) || definition == typeof(View4<>));

    /// <summary>Reads a call of a member of the item's group; false if it is none.</summary>
    private bool ReadsGroup(MethodBase callee, StackValue[] values)
    {
        if (callee.DeclaringType != typeof(Group))
        {
            return false;
        }

        switch (callee.Name)
        {
            case "get_Local":
                Push(Index(state, typeof(Index3), IndexKind.Local)!);
                break;
            case "get_Global":
                Push(Index(state, typeof(Index3))!);
                break;
            case "get_Index":
                Push(Index(state, typeof(Index3), IndexKind.Group)!);
                break;
            case "get_Count":
                Push(Index(state, typeof(Index3), IndexKind.GroupCount)!);
                break;
            case "get_Size":
                var size = kernel.GroupExtents;
                Push(Structure(
                    state, typeof(Index3), ("Z", Node.Constant(size[2])), ("Y", Node.Constant(size[1])), ("X", Node.Constant(size[0]))));
                break;
            case "Barrier":
                kernel.Region.Statements.Add(new BarrierStatement(method, current.Offset));
                break;
            case "Shared":
                var element = callee.GetGenericArguments()[0];
                var storage = StorageTypes.Of(element) ?? throw Refused($"shared memory of {element.Name}; kernels share numbers and Booleans");
                var lengths = values[1..].Select(value => value switch
                {
                    NodeValue { Node: ConstantNode { Value.Bits: > 0 and <= MostShared and var length } } => (int)length,
                    NodeValue { Node: ConstantNode { Value.Bits: > MostShared and var length } } =>
                        throw Refused(FormattableString.Invariant($"shared memory of {length} elements; a group shares at most {MostShared}")),
                    _ => throw Refused("shared memory whose length is not a positive constant"),
                });
                Push(new MemoryValue(kernel.AddShared(storage, [.. lengths])));
                break;
            default:
                throw Refused($"a call of Group.{callee.Name}");
        }

        return true;
    }

    /// <summary>Reads a call that changes an element in one step; false if it is none.</summary>
    private bool ReadsAtomic(MethodBase callee, StackValue[] values)
    {
        if (callee.DeclaringType != typeof(Atomic) && callee.DeclaringType != typeof(Interlocked))
        {
            return false;
        }

        var interlocked = callee.DeclaringType == typeof(Interlocked);
        if (values.Length == 0 || values[0] is not ElementValue element)
        {
            throw Refused($"{callee.DeclaringType.Name}.{callee.Name} of a variable; it works on elements of views and arrays");
        }

        var type = callee.GetParameters()[0].ParameterType.GetElementType()!;
        if (element.Memory.Storage.Size < sizeof(int))
        {
            throw Refused($"{callee.DeclaringType.Name}.{callee.Name} on {type.Name}; atomics work on int, uint, long, ulong, float and double");
        }

        AtomicOperation operation;
        var one = new NodeValue(Node.Constant(element.Memory.Storage.Computed, 1));
        switch (callee.Name)
        {
            case "Increment":
                (operation, values) = (AtomicOperation.Add, [values[0], one]);
                break;
            case "Decrement":
                (operation, values) = (AtomicOperation.Add, [values[0], new NodeValue(Node.Constant(element.Memory.Storage.Computed, -1))]);
                break;
            default:
                operation = Enum.TryParse<AtomicOperation>(callee.Name, out var named)
                    ? named
                    : throw Refused($"{callee.DeclaringType.Name}.{callee.Name}; use one of {string.Join(", ", Enum.GetNames<AtomicOperation>())}");
                break;
        }

        var given = Numbers(values.AsSpan(1), element.Memory.Storage.Computed);
        var old = new VariableNode(element.Memory.Storage.Computed);
        kernel.Region.Statements.Add(new AtomicStatement(
            old, operation, element.Memory, [.. element.Indices.Nodes], given[0], given.Length > 1 ? given[1] : null));
        if (callee is MethodInfo { ReturnType: var returned } && returned != typeof(void))
        {
            // Of these, Interlocked returns what the element holds after; of the others, before, as Atomic always does.
            PushNode(interlocked && callee.Name is "Add" or "Increment" or "Decrement" ? Node.Binary(BinaryOperation.Add, old, given[0]) : old);
        }

        return true;
    }

    private Node[] Numbers(ReadOnlySpan<StackValue> values, DType type)
    {
        var numbers = new Node[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            numbers[i] = values[i] is NodeValue number ? Coercion.To(type, number.Node) : throw Refused("something that is not a number given to an atomic");
        }

        return numbers;
    }
}
