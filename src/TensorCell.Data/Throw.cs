using System.Diagnostics;
using TensorCell.Data.Parsing;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>The errors of this room, in the user's terms.</summary>
[StackTraceHidden]
internal static class Throw
{
    public static Exception NoColumnType(Type type) => new NotSupportedException(
        $"column: no column stores {type.Name}; use bool, int, long, float, double, DateOnly, DateTime or string");

    public static Exception NoRow(Column column, int row) => new ArgumentOutOfRangeException(
        nameof(row), $"column \"{column.Name}\": row {row} of {column.Count} {(column.Count == 1 ? "row" : "rows")}");

    public static Exception WrongElement(Column column, Type asked, string method) => new InvalidOperationException(
        $"column \"{column.Name}\": {method}<{asked.Name}> of a column of {column.Type.ShortName}; "
        + (method == "AsSpan" ? "use ToArray to convert" : "take ToArray<string>() or, of text, the Codes of its categories"));

    public static Exception MissingHasNoValue(Column column, Type asked) => new InvalidOperationException(
        $"column \"{column.Name}\": {column.MissingCount} missing values have no {asked.Name}; "
        + "use ToArray<double>(), where they are NaN, or drop the rows with DropMissing()");

    public static Exception NotInt32(Column column, int row) => new OverflowException(
        $"column \"{column.Name}\": {column.GetText(row)} in row {row} is no 32-bit integer; use ToArray<long>()");

    public static Exception NoTensorElement(Column column) => new InvalidOperationException(
        $"column \"{column.Name}\": {column.Type.ShortName} does not convert to tensor elements; "
        + (column.Type == ColumnType.Text ? "of text, take the Codes of its categories" : "derive numbers from it first"));

    public static Exception NotText(Column column) => new ArgumentException(
        $"frame: column \"{column.Name}\" is {column.Type.ShortName}, not text");

    public static Exception NoColumn(Frame frame, string name)
    {
        string near = frame.ColumnNames.MinBy(other => NameDistance.Between(name, other)) ?? "";
        bool isNear = near.Length > 0 && NameDistance.Between(name, near) <= Math.Max(1, name.Length / 3);
        return new ArgumentException(
            $"frame: no column \"{name}\"; " + (isNear ? $"did you mean \"{near}\"? " : "")
            + $"the columns are {string.Join(", ", frame.ColumnNames.Take(20).Select(other => $"\"{other}\""))}"
            + (frame.ColumnCount > 20 ? ", …" : ""),
            nameof(name));
    }

    public static Exception NoColumnIndex(Frame frame, int index) => new ArgumentOutOfRangeException(
        nameof(index), $"frame: column {index} of {frame.ColumnCount} columns");

    public static Exception NoFrameRow(Frame frame, int row) => new ArgumentOutOfRangeException(
        nameof(row), $"frame: row {row} of {frame.RowCount} rows");

    public static Exception DuplicateName(string name) => new ArgumentException(
        $"frame: two columns are named \"{name}\"; rename one with Column.Rename");

    public static Exception UnequalLengths(Column first, Column second) => new ArgumentException(
        $"frame: column \"{second.Name}\" has {second.Count} rows and column \"{first.Name}\" has {first.Count}; columns of a frame are of one length");

    public static Exception MaskLength(int found, int expected) => new ArgumentException(
        $"frame: a mask of {found} values for {expected} rows; a mask has one value for each row");

    public static Exception NoTensorOfType(Column column, DType dtype) => new InvalidOperationException(
        $"column \"{column.Name}\": no tensor of {dtype.Name} from {column.Type.ShortName}; use f32, f64, i64, i32 or bool");

    public static Exception TensorTooLarge(int rows, int columns) => new ArgumentException(
        $"frame: a tensor of [{rows}, {columns}] has more than {Array.MaxLength} elements; take fewer rows or columns at a time");

    public static Exception NoColumnsForTensor() => new ArgumentException(
        "frame: no column to make a tensor of; name columns, or have one that holds numbers");

    public static Exception UnequalRows(Shape inputs, Shape targets) => new ArgumentException(
        $"loader: inputs of shape {inputs} and targets of shape {targets}; both have a first axis, of one length, whose parts are the rows");

    public static Exception NoBatch(int rows, int batchSize, bool dropLast) => new ArgumentException(
        batchSize < 1 ? $"loader: batches of {batchSize} rows; a batch has at least 1"
        : rows == 0 ? "loader: there are no rows"
        : $"loader: {rows} rows fill no batch of {batchSize}" + (dropLast ? "; with dropLast: false they make one smaller batch" : ""));

    public static Exception NoPrefetch(int found) => new ArgumentException(
        $"loader: Prefetch is {found}; at least 1 batch must have a place to wait in");

    public static Exception MissingInLoader(Column column) => new InvalidOperationException(
        $"loader: column \"{column.Name}\" has {column.MissingCount} missing values; leave their rows out with "
        + $"DropMissing(\"{column.Name}\"), or fill them in");

    public static Exception NoJsonNumber(Column column, int row) => new InvalidOperationException(
        $"column \"{column.Name}\": {column.GetText(row)} in row {row} cannot be written as JSON, which has no such number; "
        + "make it missing or leave the row out");

    public static ReadException Read(ByteSource source, long line, string? column, string problem) =>
        source.Format == SourceFormat.Csv
            ? new CsvException(source.Name, line, column, problem)
            : new NdJsonException(source.Name, line, column, problem);

    public static Exception RecordTooLong(long record) => new RecordTooLongException(record);

    public static Exception BadOption(string option, string found, string expected) => new ArgumentException(
        $"reading options: {option} is {found}; expected {expected}");
}
