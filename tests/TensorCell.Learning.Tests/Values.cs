namespace TensorCell.Learning.Tests;

internal static class Values
{
    /// <summary>Does something with a value and returns it.</summary>
    public static T Also<T>(this T value, Action<T> action)
    {
        action(value);
        return value;
    }
}
