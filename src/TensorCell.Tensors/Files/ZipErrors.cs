namespace TensorCell.Tensors;

/// <summary>What the library that reads zip files says of unsound ones, as this room says it.</summary>
internal static class ZipErrors
{
    /// <summary>Calls the library.</summary>
    /// <exception cref="InvalidDataException">The file, or the member, is unsound.</exception>
    public static T Translated<T>(this FilePart part, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (IsUnsound(error))
        {
            return part.Refuse<T>(Reason(error));
        }
    }

    /// <summary>Whether an error says that the file is unsound, and not that the system cannot read it.</summary>
    public static bool IsUnsound(Exception error) =>
        error is InvalidDataException or EndOfStreamException or ArgumentException or OverflowException or NotSupportedException;

    /// <summary>The error in words.</summary>
    public static string Reason(Exception error) => $"it is no sound zip file, or is damaged: {error.Message}";
}
