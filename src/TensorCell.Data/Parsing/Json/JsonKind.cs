namespace TensorCell.Data.Parsing.Json;

/// <summary>How a value is written.</summary>
internal enum JsonKind : byte
{
    /// <summary>As null.</summary>
    Null,

    /// <summary>As a number, whose digits have still to be looked at.</summary>
    Number,

    /// <summary>As true.</summary>
    True,

    /// <summary>As false.</summary>
    False,

    /// <summary>As a string of plain characters.</summary>
    String,

    /// <summary>As a string with escapes.</summary>
    Escaped,

    /// <summary>As an array, or as an object that is not taken apart.</summary>
    Nested,
}
