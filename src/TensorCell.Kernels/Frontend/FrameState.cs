namespace TensorCell.Kernels.Frontend;

/// <summary>The variables and the stack at one point of the code.</summary>
internal sealed class FrameState
{
    /// <summary>What each variable that was assigned holds.</summary>
    public Dictionary<Location, StackValue> Variables { get; init; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The stack, its top last.</summary>
    public List<StackValue> Stack { get; init; } = [];

    /// <summary>A copy with the same variables and an empty stack.</summary>
    public FrameState WithEmptyStack() => new() { Variables = new(Variables, ReferenceEqualityComparer.Instance) };

    /// <summary>A copy.</summary>
    public FrameState Copy() => new() { Variables = new(Variables, ReferenceEqualityComparer.Instance), Stack = [.. Stack] };

    /// <summary>Takes over the variables of the state in which a call ended.</summary>
    public void TakeVariables(FrameState other)
    {
        Variables.Clear();
        foreach (var (location, value) in other.Variables)
        {
            Variables.Add(location, value);
        }
    }
}
