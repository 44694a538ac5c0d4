using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace TensorCell.Tensors;

/// <summary>The errors of this room: what was asked, what was found, what would work.</summary>
[StackTraceHidden]
internal static partial class Throw
{
    [DoesNotReturn]
    public static void Argument(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    public static T Argument<T>(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    public static void Invalid(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    public static T Invalid<T>(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    public static void NotSupported(string message) => throw new NotSupportedException(message);

    [DoesNotReturn]
    public static T NotSupported<T>(string message) => throw new NotSupportedException(message);

    [DoesNotReturn]
    public static T Broadcast<T>(string operation, IEnumerable<Shape> shapes) => throw new ArgumentException(
        $"{operation}: {string.Join(" with ", shapes)} do not broadcast: aligned from the right, lengths must be equal or 1");

    [DoesNotReturn]
    public static int Axis(string operation, int axis, Shape shape) => throw new ArgumentOutOfRangeException(
        null,
        shape.Rank == 0
            ? $"{operation}: axis {axis} of a scalar, which has none"
            : $"{operation}: axis {axis} is out of range for shape {shape}; use {-shape.Rank} to {shape.Rank - 1}");

    [DoesNotReturn]
    public static void Index(string operation, long index, int axis, Shape shape) => throw new ArgumentOutOfRangeException(
        null,
        $"{operation}: index {index} is out of range for axis {axis} of shape {shape}, which has {shape[axis]} elements");

    [DoesNotReturn]
    public static void Disposed() => throw new ObjectDisposedException(
        nameof(Tensor), "tensor: its elements are gone: returned by Dispose or by the end of a Tensor.Scope (use Scope.Keep to let it outlive the scope), or overwritten by Assign, "
        + "for which it was computed on the way (read it, or Realize() it, before)");

    [DoesNotReturn]
    public static void NoFolder(string path) => throw new DirectoryNotFoundException($"write {path}: its folder does not exist; create it first, as by Directory.CreateDirectory");

    [DoesNotReturn]
    public static void BadFile(string format, string path, string reason) => throw new InvalidDataException($"{format} {path}: {reason}");

    [DoesNotReturn]
    public static void NoFile(string path) => throw new FileNotFoundException(
        Directory.Exists(path)
            ? $"{path}: a directory, not a file"
            : $"{path}: no such file (looked from {Directory.GetCurrentDirectory()})",
        path);
}
