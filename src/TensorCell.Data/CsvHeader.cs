namespace TensorCell.Data;

/// <summary>Whether the first record of a CSV file holds the names of the columns.</summary>
public enum CsvHeader
{
    /// <summary>It does.</summary>
    Present,

    /// <summary>It does not; the columns are named column_1, column_2 …</summary>
    Absent,

    /// <summary>It does when every field of it is text that is no number, date, boolean or missing value.</summary>
    Detect,
}
