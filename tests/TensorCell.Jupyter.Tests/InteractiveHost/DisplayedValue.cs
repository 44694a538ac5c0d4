namespace Microsoft.DotNet.Interactive.Formatting;

public class DisplayedValue
{
    private readonly Action<DisplayedValue> updated;

    internal DisplayedValue(IReadOnlyList<FormattedValue> formattedValues, Action<DisplayedValue> updated)
    {
        FormattedValues = formattedValues;
        this.updated = updated;
    }

    public string DisplayId { get; } = Guid.NewGuid().ToString();

    public IReadOnlyList<FormattedValue> FormattedValues { get; internal set; }

    public void Update(object? updatedValue)
    {
        FormattedValues = FormattedValue.CreateManyFromObject(updatedValue, [.. FormattedValues.Select(value => value.MimeType)]);
        updated(this);
    }
}

public class FormattedValue(string mimeType, string value)
{
    public string MimeType { get; } = mimeType;

    public string Value { get; } = value;

    public static FormattedValue CreateSingleFromObject(object? value, string? mimeType = null) =>
        CreateManyFromObject(value, mimeType is null ? [] : [mimeType])[0];

    public static IReadOnlyList<FormattedValue> CreateManyFromObject(object? value, params string[] mimeTypes) =>
        [.. (mimeTypes.Length > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value?.GetType())])
            .Select(mimeType => new FormattedValue(mimeType, value.ToDisplayString(mimeType)))];
}
