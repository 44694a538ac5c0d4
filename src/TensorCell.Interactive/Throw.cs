using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Python;
using TensorCell.Tensors;

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

    [DoesNotReturn]
    [StackTraceHidden]
    public static T Magic<T>(string message) => throw new MagicException(message);

    [DoesNotReturn]
    [StackTraceHidden]
    public static T Python<T>(string type, string message, string traceback) => throw new PythonException(type, message, traceback);

    [DoesNotReturn]
    [StackTraceHidden]
    public static void PythonEnded(string when) => PythonEnded<object>(when);

    [DoesNotReturn]
    [StackTraceHidden]
    public static T PythonEnded<T>(string when) => throw new EndOfStreamException($"python: the process ended {when}");

    [DoesNotReturn]
    [StackTraceHidden]
    public static T NoPythonType<T>(string code) =>
        throw new InvalidDataException($"python: an array of {code} has no counterpart in C#");

    [DoesNotReturn]
    [StackTraceHidden]
    public static void PythonMissing(string message) => throw new PythonMissingException(message);

    public static NotSupportedException NotDecoded(System.Runtime.InteropServices.Architecture architecture) =>
        new($"machine code of {architecture}: only that of x86 processors can be shown as instructions; its bytes are in Bytes");

    /// <summary>Throws unless all lengths agree.</summary>
    public static void IfLengthsDiffer(string operation, params ReadOnlySpan<(string What, int Length)> lengths)
    {
        foreach (var (what, length) in lengths)
        {
            if (length != lengths[0].Length)
            {
                LengthsDiffer(operation, lengths[0], (what, length));
            }
        }
    }

    [DoesNotReturn]
    private static void LengthsDiffer(string operation, (string What, int Length) first, (string What, int Length) other) =>
        throw new ArgumentException(
            $"{operation}: {first.What} has {first.Length} values, {other.What} has {other.Length}; each needs one for every point");

    [DoesNotReturn]
    [StackTraceHidden]
    public static void Argument(string message) => throw new ArgumentException(message);

    /// <summary>Throws unless a range goes from a number to a greater one.</summary>
    public static void IfNotRange(string operation, (double Minimum, double Maximum) range)
    {
        if (!(double.IsFinite(range.Minimum) && double.IsFinite(range.Maximum) && range.Minimum < range.Maximum))
        {
            throw new ArgumentException($"{operation}: the range from {range.Minimum} to {range.Maximum} is empty; give the lower end first");
        }
    }

    /// <summary>Throws unless a tensor of this shape is a matrix.</summary>
    public static void IfNotMatrix(Shape shape)
    {
        if (shape.Rank != 2)
        {
            throw new ArgumentException(
                $"heat map: {shape} has {shape.Rank} axes; a heat map needs two: take a slice, or Reshape");
        }
    }

    [DoesNotReturn]
    [StackTraceHidden]
    public static TensorImage NoPicture(Shape shape, bool? channelsFirst) => throw new ArgumentException(
        $"asImage: shape {shape} is no picture{(channelsFirst is { } first ? $" with channels {(first ? "first" : "last")}" : "")}; [height, width], [height, width, 1, 3 or 4], [1, 3 or 4, height, width], [pictures, height, width] and both of the four-dimensional kinds with pictures first are, of at least one pixel");

    [DoesNotReturn]
    [StackTraceHidden]
    public static void NoRange(double? low, double? high) => throw new ArgumentException(
        $"asImage: from {low} to {high} is no range; low must be below high, and both finite");
}
