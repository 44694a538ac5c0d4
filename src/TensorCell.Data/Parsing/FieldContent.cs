namespace TensorCell.Data.Parsing;

/// <summary>What a field holds, before it is read as a type.</summary>
internal enum FieldContent
{
    /// <summary>A value.</summary>
    Value,

    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>Something quoted that goes on after its closing quote.</summary>
    Malformed,
}
