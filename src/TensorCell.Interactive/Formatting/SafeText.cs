namespace TensorCell.Interactive;

/// <summary>A value's own text, for when it must not fail.</summary>
internal static class SafeText
{
    /// <summary>The value's <see cref="object.ToString"/>, or its type and what went wrong there.</summary>
    public static string Of(object? value)
    {
        try
        {
            return value?.ToString() ?? "null";
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return $"{value!.GetType()} (its ToString failed with {exception.GetType().Name})";
        }
    }
}
