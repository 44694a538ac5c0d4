using System.Reflection;

namespace TensorCell.Jupyter.CSharp;

/// <summary>A variable of the session: a field of the cell that declared it.</summary>
internal sealed class SessionVariable
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly object state;
    private readonly FieldInfo variable;

    private SessionVariable(object state, FieldInfo variable)
    {
        this.state = state;
        this.variable = variable;
    }

    /// <summary>Its name.</summary>
    public string Name => variable.Name;

    /// <summary>Its declared type.</summary>
    public Type Type => variable.FieldType;

    /// <summary>Its value now.</summary>
    public object? Value => variable.GetValue(state);

    /// <summary>The variables that a cell declared.</summary>
    public static IEnumerable<SessionVariable> Of(object state) =>
        state.GetType().GetFields(Declared)
            .Where(variable => !variable.Name.Contains('<'))
            .Select(variable => new SessionVariable(state, variable));

    /// <summary>The variable of a name that a cell declared; null when it declared none.</summary>
    public static SessionVariable? Find(object state, string name) =>
        state.GetType().GetField(name, Declared) is { } variable ? new SessionVariable(state, variable) : null;

    /// <summary>Whether the variable can hold a value.</summary>
    public bool Accepts(object? value) =>
        !variable.IsInitOnly && (value is null ? !Type.IsValueType : Type.IsInstanceOfType(value));

    /// <summary>Sets its value.</summary>
    public void Set(object? value) => variable.SetValue(state, value);
}
