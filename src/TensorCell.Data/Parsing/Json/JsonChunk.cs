namespace TensorCell.Data.Parsing.Json;

/// <summary>One chunk of a file whose values have been found.</summary>
/// <param name="Number">Its number in the file.</param>
/// <param name="Window">Its bytes.</param>
/// <param name="FirstRow">The number of its first row in the frame.</param>
/// <param name="Rows">Its number of rows.</param>
/// <param name="Faults">Where bad values are noted.</param>
/// <param name="Interner">Memory for the texts of one column at a time.</param>
internal readonly record struct JsonChunk(
    int Number, ByteWindow Window, int FirstRow, int Rows, ChunkFaults Faults, TextInterner Interner);
