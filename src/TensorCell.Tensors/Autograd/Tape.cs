namespace TensorCell.Tensors.Autograd;

/// <summary>Whether operations keep how their results were derived: per flow of control, as scopes were opened on it.</summary>
internal static class Tape
{
    private static readonly AsyncLocal<TapeScope?> current = new();
    private static int openScopes;

    /// <summary>The innermost open scope; looked up only while there is one anywhere.</summary>
    public static TapeScope? Current
    {
        get => Volatile.Read(ref openScopes) == 0 ? null : current.Value;
        set => current.Value = value;
    }

    /// <summary>Whether gradients are being kept track of.</summary>
    public static bool IsTracking => Current is not { IsTracking: false };

    /// <summary>Whether every operation is being recorded.</summary>
    public static bool IsRecording => Current is { IsRecording: true };

    /// <summary>Whether the result of an operation on a tensor has to keep its derivation.</summary>
    public static bool Keeps(Tensor input)
    {
        if (Volatile.Read(ref openScopes) == 0)
        {
            return input.RequiresGrad;
        }

        TapeScope? scope = Current;
        return scope is null ? input.RequiresGrad : scope.IsRecording || (scope.IsTracking && input.RequiresGrad);
    }

    /// <inheritdoc cref="Keeps(Tensor)"/>
    public static bool Keeps(Tensor left, Tensor right) => Keeps(left) || Keeps(right);

    /// <inheritdoc cref="Keeps(Tensor)"/>
    public static bool Keeps(ReadOnlySpan<Tensor> inputs)
    {
        foreach (Tensor input in inputs)
        {
            if (Keeps(input))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts a scope in or out.</summary>
    public static void Count(int change) => Interlocked.Add(ref openScopes, change);
}
