namespace TensorCell.Interactive.Formatting;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal readonly record struct TableCell(string Text, bool IsNumber = false)
{
    /// <summary>The moment it says, which its column writes in one format with its other moments; null for other values.</summary>
    public DateTime? Moment { get; private init; }

    /// <summary>Whether it says that something is wrong, and stands out.</summary>
    public bool IsBad { get; init; }

    /// <summary>The HTML of a picture it shows in place of text; null when it shows text.</summary>
    public string? Picture { get; private init; }

    /// <summary>A cell of a picture, given as HTML that can be trusted.</summary>
    public static TableCell OfPicture(string html) => new("") { Picture = html };

    /// <summary>A cell of a moment.</summary>
    public static TableCell Of(DateTime moment) => new(CellText.Simple(moment)) { Moment = moment };
}
