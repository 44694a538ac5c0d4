using TensorCell.Data.Parsing;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>Comma-separated values.</summary>
public static class Csv
{
    /// <summary>
    /// Reads a file into a frame, in chunks, on all cores. Types that the options' schema does not give are inferred from every value of
    /// the column: integers, then numbers, dates, moments, booleans, else text. The result does not depend on the number of threads.
    /// </summary>
    /// <param name="path">The file: UTF-8, with or without a byte-order mark; lines ended by CR, LF or both.</param>
    /// <param name="options">How it is written; null takes the defaults.</param>
    /// <param name="progress">Told every 50 ms or so, from any thread, and at the end.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="CsvException">The file is not as the options say; names file, line and column.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled, or the running cell interrupted.</exception>
    public static Frame Read(
        string path, CsvOptions? options = null, IProgress<ReadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        using ByteSource source = FileSource.Open(path, SourceFormat.Csv);
        return new CsvReader(source, options ?? new CsvOptions(), progress, cancellation).Read();
    }

    /// <summary>Reads text that is already in memory, as <see cref="Read"/> reads a file.</summary>
    /// <exception cref="CsvException">The text is not as the options say; names line and column.</exception>
    public static Frame Parse(string text, CsvOptions? options = null, CancellationToken cancellation = default) =>
        Parse(System.Text.Encoding.UTF8.GetBytes(text), options, cancellation);

    /// <summary>Reads UTF-8 text that is already in memory, as <see cref="Read"/> reads a file.</summary>
    /// <exception cref="CsvException">The text is not as the options say; names line and column.</exception>
    public static Frame Parse(ReadOnlyMemory<byte> text, CsvOptions? options = null, CancellationToken cancellation = default) =>
        new CsvReader(new MemorySource(text, "text"), options ?? new CsvOptions(), null, cancellation).Read();

    /// <summary>Writes a frame as UTF-8 with a header, LF line ends and numbers that read back bit for bit; a missing value is empty.</summary>
    /// <param name="frame">What to write.</param>
    /// <param name="path">Where; an existing file is replaced once the new one is complete.</param>
    /// <param name="separator">What separates fields.</param>
    public static void Write(Frame frame, string path, char separator = ',')
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream => CsvWriter.Write(frame, stream, separator));
    }

    /// <summary>Writes a frame as text, as <see cref="Write(Frame, string, char)"/> writes a file.</summary>
    public static string ToText(Frame frame, char separator = ',')
    {
        using MemoryStream stream = new();
        CsvWriter.Write(frame, stream, separator);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
