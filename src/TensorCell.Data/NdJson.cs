using System.Text;
using TensorCell.Data.Parsing;
using TensorCell.Data.Parsing.Json;
using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>JSON objects, one on each line: NDJSON, also called JSON Lines.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A row's columns are its keys; of an object inside it, the keys with a dot between, as <c>user.name</c>. Columns come in the order in
/// which they are first found, wherever that is. A key that is not there and null are missing values; an empty object is nothing. A key that
/// holds now an object, now another value has a column of its own beside the object's.</item>
/// <item>Arrays are kept as the JSON text they are written as, in a column of text.</item>
/// <item>Of values for one column in one row the last counts.</item>
/// <item>A column's type is the narrowest for all its values: integers of 64 bits, numbers of 64 bits, days, moments (strings as
/// <c>2026-03-02T14:05:00Z</c>), booleans, else text, where strings are what they say and all else is as JSON writes it. Numbers are rounded
/// to the nearest of 64 bits; one beyond their range makes its column text, as does a mixture of types.</item>
/// <item>A file that is one array of objects is read likewise, but held in memory as a whole, at most 2 GB.</item>
/// <item>Lines end with LF, or CR and LF; blank lines are nothing; a byte-order mark of UTF-8 may come first.</item>
/// <item>Everything else that RFC 8259 does not allow makes the line bad, as do text that is not UTF-8, half a surrogate pair, and objects
/// and arrays nested more than 64 deep; see <see cref="NdJsonOptions.BadRows"/>.</item>
/// </list>
/// </remarks>
public static class NdJson
{
    /// <summary>Reads a file into a frame, in chunks, on all cores. The result does not depend on the number of threads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to read of it, and how; null takes the defaults.</param>
    /// <param name="progress">Told every 50 ms or so, from any thread, and at the end.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="NdJsonException">The file is not as it must be; names file, line and column.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled, or the running cell interrupted.</exception>
    public static Frame Read(
        string path, NdJsonOptions? options = null, IProgress<ReadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        using ByteSource source = FileSource.Open(path, SourceFormat.NdJson);
        return NdJsonReader.Read(source, options ?? new NdJsonOptions(), progress, cancellation);
    }

    /// <summary>Reads text that is already in memory, as <see cref="Read"/> reads a file.</summary>
    /// <exception cref="NdJsonException">The text is not as it must be; names line and column.</exception>
    public static Frame Parse(string text, NdJsonOptions? options = null, CancellationToken cancellation = default) =>
        Parse(Encoding.UTF8.GetBytes(text), options, cancellation);

    /// <summary>Reads UTF-8 text that is already in memory, as <see cref="Read"/> reads a file.</summary>
    /// <exception cref="NdJsonException">The text is not as it must be; names line and column.</exception>
    public static Frame Parse(ReadOnlyMemory<byte> text, NdJsonOptions? options = null, CancellationToken cancellation = default) =>
        NdJsonReader.Read(new MemorySource(text, "text") { Format = SourceFormat.NdJson }, options ?? new NdJsonOptions(), null, cancellation);

    /// <summary>
    /// Writes a frame, an object on each line with all columns as keys, numbers that read back bit for bit, dates as ISO 8601 and null where
    /// a value is missing. Dots in names stay as they are, and text that writes a date reads back as one.
    /// </summary>
    /// <param name="frame">What to write.</param>
    /// <param name="path">Where; an existing file is replaced once the new one is complete.</param>
    /// <exception cref="InvalidOperationException">A number is infinite or NaN, which JSON cannot write.</exception>
    public static void Write(Frame frame, string path)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream => NdJsonWriter.Write(frame, stream));
    }

    /// <summary>Writes a frame as text, as <see cref="Write"/> writes a file.</summary>
    public static string ToText(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using MemoryStream stream = new();
        NdJsonWriter.Write(frame, stream);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
