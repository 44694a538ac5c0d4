using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive;

/// <summary>The errors of this room.</summary>
internal static class Throw
{
    [DoesNotReturn]
    [StackTraceHidden]
    public static void UndeclaredMagic(Type type) =>
        throw new ArgumentException($"{type}: a magic needs [Magic(\"name\", \"what it does\")] on its class");

    [DoesNotReturn]
    [StackTraceHidden]
    public static void Magic(string message, Exception? innerException = null) =>
        throw new MagicException(message, innerException);
}
