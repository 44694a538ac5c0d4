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

    private Node PopNode() => Pop() switch
    {
        NodeValue number => number.Node,
        ObjectValue found => throw Refused($"an object ({found.Type.Name}) used as a value; kernels compute with numbers and Booleans only"),
        _ => throw Refused("the address of a variable used as a value"),
    };

    private Location PopAddress() => Pop() is AddressValue address
        ? address.Location
        : throw Refused("a reference into memory outside the kernel; give arrays as inputs of the kernel instead");

    private StackValue Load(Location location)
    {
        if (state.Variables.TryGetValue(location, out var value))
        {
            return value;
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
            Clear(location);
            Copy(structure.Location, location);
        }
        else
        {
            state.Variables[location] = Coerce(location.Type, value);
        }
    }

    private void Copy(Location source, Location target)
    {
        if (state.Variables.TryGetValue(source, out var value))
        {
            state.Variables[target] = value;
        }

        foreach (var (field, part) in source.Fields)
        {
            Copy(part, target.Field(field));
        }
    }

    /// <summary>Pushes a structure that its constructor filled.</summary>
    private void Construct()
    {
        var constructor = Method();
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
        ReadCallee(constructor, values);
        Push(new StructureValue(location));
    }

    private void Clear(Location location)
    {
        state.Variables.Remove(location);
        foreach (var (_, part) in location.Fields)
        {
            Clear(part);
        }
    }

    private void LoadField(bool takeAddress)
    {
        var field = Field();
        switch (Pop())
        {
            case AddressValue address when takeAddress:
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
                    $"the captured variable '{field.Name}', a {field.FieldType}; kernels read captured numbers and Booleans, and take arrays as inputs"));
                break;
            case ObjectValue:
                throw Refused($"the address of the captured variable '{field.Name}'; copy it to a local first");
            default:
                throw Refused($"the field '{field.Name}' of a whole value; kernels compute with numbers");
        }
    }

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
            case AddressValue address:
                Store(address.Location.Field(field), value);
                break;
            default:
                throw Refused($"a store to the captured variable '{field.Name}'; a kernel only returns its result");
        }
    }
}
