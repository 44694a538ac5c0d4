using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

internal sealed partial class MethodReader
{
    private void Push(StackValue value) => state.Stack.Add(value);

    private StackValue Pop()
    {
        var value = state.Stack[^1];
        state.Stack.RemoveAt(state.Stack.Count - 1);
        return value;
    }

    private Node PopNode() => AsNumber(Pop());

    private Node AsNumber(StackValue value) => value switch
    {
        NodeValue number => number.Node,
        MemoryValue view => throw Refused($"'{view.Memory.Name}' used as a value, as where it is compared with null or fixed; read an element of it"),
        ObjectValue found => throw Refused($"an object ({found.Type.Name}) used as a value; kernels compute with numbers and Booleans only"),
        _ => throw Refused("a pointer, a reference or a structure used as a value; kernels compute with numbers and Booleans only"),
    };

    /// <summary>Loads what an address leads to.</summary>
    private StackValue LoadFrom(StackValue address) => address switch
    {
        AddressValue variable => Load(variable.Location),
        ElementValue element => new NodeValue(LoadElement(element.Memory, element.Indices.Nodes)),
        _ => throw Refused("a reference into memory outside the kernel; give arrays as inputs of the kernel instead"),
    };

    /// <summary>Stores where an address leads to.</summary>
    private void StoreTo(StackValue address, StackValue value)
    {
        switch (address)
        {
            case AddressValue variable:
                Store(variable.Location, value);
                break;
            case ElementValue element:
                StoreElement(element.Memory, element.Indices.Nodes, value);
                break;
            default:
                throw Refused("a reference into memory outside the kernel; give arrays as inputs of the kernel instead");
        }
    }

    private VariableNode LoadElement(MemoryOperand memory, Node[] indices)
    {
        var result = new VariableNode(memory.Storage.Computed);
        kernel.Region.Statements.Add(new LoadStatement(result, memory, [.. indices]));
        return result;
    }

    private void StoreElement(MemoryOperand memory, Node[] indices, StackValue value)
    {
        var number = value is NodeValue { Node: var node } ? node : throw Refused($"a store of something that is not a number to '{memory.Name}'");
        kernel.Region.Statements.Add(new StoreStatement(memory, [.. indices], Conversions.ToStore(Coercion.To(memory.Storage.Computed, number), memory.Storage)));
    }

    private StackValue Load(Location location)
    {
        if (state.Variables.TryGetValue(location, out var value))
        {
            return value is ChangingValue ? throw Refused(ChangesInLoop) : value;
        }

        if (Zero(location.Type) is { } zero)
        {
            return zero;
        }

        if (!location.Type.IsValueType)
        {
            throw Refused($"a {location.Type.Name} variable; kernels compute with numbers and Booleans only");
        }

        var copy = new Location(location.Type);
        Copy(location, copy);
        return new StructureValue(copy);
    }

    private void Store(Location location, StackValue value)
    {
        if (value is StructureValue structure)
        {
            Forget(location, state);
            Copy(structure.Location, location);
        }
        else
        {
            Probe(value);
            state.Variables[location] = Coerce(location.Type, value);
        }
    }

    /// <summary>C# checks indices where the address of an element is taken, whether or not it is ever used.</summary>
    private void Probe(StackValue value)
    {
        if (value is ElementValue element)
        {
            LoadElement(element.Memory, element.Indices.Nodes);
        }
    }

    private void Copy(Location source, Location target)
    {
        if (state.Variables.TryGetValue(source, out var value))
        {
            state.Variables[target] = value;
        }

        foreach (var (field, part) in source.Fields.ToList())
        {
            Copy(part, target.Field(field));
        }
    }

    /// <summary>Pushes a structure that its constructor filled.</summary>
    private void Construct()
    {
        var constructor = Method();
        if (constructor.DeclaringType == typeof(Half) && state.Stack[^1] is NodeValue { Node: ConstantNode { Value.Bits: var bits } })
        {
            Pop();
            PushNode(Node.Constant((float)BitConverter.UInt16BitsToHalf((ushort)bits)));
            return;
        }

        if (constructor.DeclaringType is not { IsValueType: true } type || Coercion.Computed(type) is not null)
        {
            throw Refused($"an allocation (new {constructor.DeclaringType?.Name}); kernels compute with numbers only");
        }

        var location = new Location(type);
        var values = new StackValue[constructor.GetParameters().Length + 1];
        for (var i = values.Length - 1; i > 0; i--)
        {
            values[i] = Pop();
        }

        values[0] = new AddressValue(location);
        Clear(location);
        ReadCallee(constructor, values);
        Push(new StructureValue(location));
    }

    /// <summary>Makes a variable what an uninitialised one is: zero in every number of it.</summary>
    private void Clear(Location location)
    {
        state.Variables.Remove(location);
        if (Zero(location.Type) is { } zero)
        {
            state.Variables[location] = zero;
        }
        else if (location.Type is { IsValueType: true, IsPrimitive: false, IsPointer: false } type)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                Clear(location.Field(field));
            }
        }
    }

    private static void Forget(Location location, FrameState state)
    {
        state.Variables.Remove(location);
        foreach (var (_, part) in location.Fields)
        {
            Forget(part, state);
        }
    }

    /// <summary>A structure of given fields, which are those of its constructor's parameters.</summary>
    private static StructureValue Structure(FrameState state, Type type, params ReadOnlySpan<(string Name, Node Value)> fields)
    {
        var location = new Location(type);
        foreach (var (name, value) in fields)
        {
            var field = type.GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                ?? type.GetField($"<{name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
            state.Variables[location.Field(field)] = new NodeValue(value);
        }

        return new(location);
    }

    /// <summary>The index of an item as a kernel's first parameter gives it, or null if the type is no index.</summary>
    public static StackValue? Index(FrameState state, Type type, IndexKind kind = IndexKind.Global) =>
        type == typeof(int) ? new NodeValue(new IndexNode(kind, 0))
        : type == typeof(Index2) ? Structure(state, type, ("Y", new IndexNode(kind, 1)), ("X", new IndexNode(kind, 0)))
        : type == typeof(Index3) ? Structure(state, type, ("Z", new IndexNode(kind, 2)), ("Y", new IndexNode(kind, 1)), ("X", new IndexNode(kind, 0)))
        : null;

    private void LoadField(bool takeAddress)
    {
        var field = Field();
        switch (Pop())
        {
            case AddressValue address when takeAddress && LoadHeld(address.Location) is not ObjectValue:
                Push(new AddressValue(address.Location.Field(field)));
                break;
            case AddressValue address when Load(address.Location, field) is { } value:
                Push(value);
                break;
            case StructureValue structure when Load(structure.Location, field) is { } value:
                Push(value);
                break;
            case ObjectValue owner when !takeAddress || field.FieldType.IsValueType && Coercion.Computed(field.FieldType) is null:
                Push(kernel.Field(owner, field) ?? throw Refused(
                    $"the captured variable '{field.Name}', a {field.FieldType}; kernels read captured numbers, Booleans, arrays and views, and take others as inputs"));
                break;
            case ObjectValue:
                throw Refused($"the address of the captured variable '{field.Name}'; copy it to a local first");
            default:
                throw Refused($"the field '{field.Name}' of a whole value; kernels compute with numbers");
        }
    }

    private StackValue? LoadHeld(Location location) => state.Variables.GetValueOrDefault(location);

    /// <summary>A field of a structure in a variable, which may itself hold the reference to an object outside.</summary>
    private StackValue? Load(Location location, FieldInfo field) =>
        state.Variables.TryGetValue(location, out var whole) && whole is ObjectValue owner
            ? kernel.Field(owner, field)
            : Load(location.Field(field));

    private void StoreField()
    {
        var field = Field();
        var value = Pop();
        switch (Pop())
        {
            case AddressValue address when LoadHeld(address.Location) is not ObjectValue:
                Store(address.Location.Field(field), value);
                break;
            default:
                throw Refused($"a store to the captured variable '{field.Name}'; a kernel only returns its result and stores to views");
        }
    }

    private StackValue Coerce(Type type, StackValue value) =>
        value is NodeValue number && Coercion.Computed(type) is { } computed ? new NodeValue(Coercion.To(computed, number.Node)) : value;

    private static NodeValue? Zero(Type type) =>
        Coercion.Computed(type) is { } computed ? new NodeValue(Node.Constant(computed, 0)) : null;
}
