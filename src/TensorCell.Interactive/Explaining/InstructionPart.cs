namespace TensorCell.Interactive;

/// <summary>What a part of an instruction's text is.</summary>
internal enum InstructionPart
{
    /// <summary>The operation.</summary>
    Mnemonic,

    /// <summary>A register.</summary>
    Register,

    /// <summary>A number.</summary>
    Number,

    /// <summary>The label of a jump.</summary>
    Label,

    /// <summary>Anything else.</summary>
    Other,
}
