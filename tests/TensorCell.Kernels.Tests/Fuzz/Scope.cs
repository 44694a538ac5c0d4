namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>The variables that C# code at one place can name.</summary>
internal sealed class Scope(Scope? outer = null, bool isFunction = false)
{
    private readonly List<ScopeVariable> own = [];

    /// <summary>Those declared here and further out, but for those that a function here cannot capture.</summary>
    public IEnumerable<ScopeVariable> All =>
        outer is null ? own : own.Concat(isFunction ? outer.All.Where(variable => variable.IsCapturable) : outer.All);

    public void Add(ScopeVariable variable) => own.Add(variable);
}

/// <summary>A variable of a random kernel.</summary>
/// <param name="Name">What C# calls it.</param>
/// <param name="Type">Its type in C#.</param>
/// <param name="IsWritable">Whether it may be assigned: not so for what makes loops end.</param>
/// <param name="IsCapturable">Whether local functions may use it: not so for references.</param>
/// <param name="Below">A bound of its values, which are not negative; 0 if it has none.</param>
internal sealed record ScopeVariable(string Name, string Type, bool IsWritable = true, bool IsCapturable = true, int Below = 0);
