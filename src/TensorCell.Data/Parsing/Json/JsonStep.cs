namespace TensorCell.Data.Parsing.Json;

/// <summary>
/// What stood between one value of a row and the next, to the byte: the rest of the objects that end, a comma, keys, the objects that begin.
/// Where it stands again, it needs no parsing.
/// </summary>
internal struct JsonStep
{
    /// <summary>The column number of the step that ends a row.</summary>
    public const int EndOfRow = -1;

    /// <summary>Where its bytes are kept.</summary>
    public int Literal;

    /// <summary>How many there are.</summary>
    public int Length;

    /// <summary>The column of the value that follows.</summary>
    public int Column;

    /// <summary>The object that the value is in.</summary>
    public int Node;

    /// <summary>The first of the steps that have come after it; 0 when none has.</summary>
    public int Next;

    /// <summary>Another step that has come after the same one; 0 when there is none.</summary>
    public int Alternate;

    /// <summary>Whether the value may be an object, which is kept as it is.</summary>
    public bool KeepsNested;
}
