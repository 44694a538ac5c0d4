using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using TensorCell.Data;
using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Magics;

/// <summary>A variable's value in a row of a table; nothing is computed to tell it.</summary>
/// <param name="Shape">Its shape or length; empty for what has none.</param>
/// <param name="Value">The value itself, shortened, where it is short to begin with.</param>
/// <param name="Bytes">Bytes of its elements; null where that cannot be told.</param>
internal readonly record struct VariableSummary(string Shape, string Value, long? Bytes)
{
    private const int LongestValue = 60;

    public static VariableSummary Of(object? value) => value switch
    {
        null => new("", "null", null),
        string text => new($"[{text.Length}]", Shortened($"\"{text}\""), 2L * text.Length),
        Tensor tensor => new(tensor.Shape.ToString(), tensor.DType.Name + (tensor.IsPending ? ", pending" : ""), tensor.ByteSize),
        Frame frame => new($"[{frame.RowCount}, {frame.ColumnCount}]", Shortened(string.Join(", ", frame.ColumnNames)), frame.ByteSize),
        Column column => new($"[{column.Count}]", column.Type.ShortName, column.ByteSize),
        Array array => new(ShapeOf(array), "", SizeOf(array.GetType().GetElementType()!) * array.LongLength),
        ICollection collection => new($"[{collection.Count}]", "", null),
        IFormattable number => new("", Shortened(number.ToString(null, CultureInfo.InvariantCulture)), SizeOf(number.GetType())),
        bool or ITuple => new("", Shortened(value.ToString() ?? ""), SizeOf(value.GetType())),
        Benchmark benchmark => new($"[{benchmark.Samples.Count}]", Quantity.Seconds(benchmark.Median), 8L * benchmark.Samples.Count),
        Comparison comparison => new($"[{comparison.Sides.Count}]", Shortened(string.Join(", ", comparison.Sides.Select(side => side.Name))), null),
        _ => new("", "", null),
    };

    private static string ShapeOf(Array array) =>
        $"[{string.Join(", ", Enumerable.Range(0, array.Rank).Select(dimension => array.GetLongLength(dimension)))}]";

    private static string Shortened(string text)
    {
        var line = text.ReplaceLineEndings("\\n");
        return line.Length <= LongestValue ? line : line[..(LongestValue - 1)] + "…";
    }

    private static long? SizeOf(Type type) =>
        type.IsPrimitive
            ? type == typeof(bool) ? 1 : type == typeof(char) ? 2 : System.Runtime.InteropServices.Marshal.SizeOf(type)
            : type == typeof(Half) ? 2 : type == typeof(decimal) ? 16 : null;
}
