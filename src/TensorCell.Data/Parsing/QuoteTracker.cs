namespace TensorCell.Data.Parsing;

/// <summary>Whether a record read byte by byte is inside quotes; a quote opens only where a field begins.</summary>
internal struct QuoteTracker(int quote)
{
    private bool isInside;
    private bool wasClosing;

    /// <summary>Takes the next byte.</summary>
    /// <returns>Whether it stands inside quotes.</returns>
    public bool Step(byte character, bool isFieldStart)
    {
        bool isQuote = character == quote;
        bool wasInside = isInside;
        isInside = isQuote ? !wasInside && (isFieldStart || wasClosing) : wasInside;
        wasClosing = isQuote && wasInside;
        return wasInside || isInside;
    }
}
