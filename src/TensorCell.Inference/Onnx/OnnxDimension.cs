using System.Globalization;
using System.Runtime.CompilerServices;

namespace TensorCell.Inference;

/// <summary>One axis of a model's input or output: a length, a symbol such as <c>N</c> that stands for any, or neither.</summary>
public readonly record struct OnnxDimension
{
    private OnnxDimension(long? length, string? symbol)
    {
        Length = length;
        Symbol = symbol;
    }

    /// <summary>An axis of any length, without a name.</summary>
    public static OnnxDimension Any => default;

    /// <summary>The length; null where any will do.</summary>
    public long? Length { get; }

    /// <summary>The symbol: axes that share one have the same length. Null where there is a length, or no name.</summary>
    public string? Symbol { get; }

    /// <summary>An axis of a fixed length.</summary>
    public static implicit operator OnnxDimension(int length) => Of(length);

    /// <summary>An axis of a fixed length.</summary>
    public static implicit operator OnnxDimension(long length) => Of(length);

    /// <summary>An axis of any length, with a name.</summary>
    public static implicit operator OnnxDimension(string symbol) => string.IsNullOrEmpty(symbol) ? default : new(null, symbol);

    /// <summary>The length, the symbol, or a question mark.</summary>
    public override string ToString() => Length?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";

    /// <summary>Axes as shapes are written: <c>[N, 784]</c>.</summary>
    internal static string Text(IEnumerable<OnnxDimension> dimensions) => $"[{string.Join(", ", dimensions)}]";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OnnxDimension Of(long length) =>
        length >= 0 ? new(length, null) : Throw.Argument<OnnxDimension>($"onnx: an axis of length {length}; use a length of 0 or more, or a symbol such as \"N\"");
}
