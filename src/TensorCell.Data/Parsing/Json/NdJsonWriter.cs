using System.Text.Encodings.Web;
using System.Text.Json;
using TensorCell.Kernels;

namespace TensorCell.Data.Parsing.Json;

/// <summary>Frames as NDJSON.</summary>
internal static class NdJsonWriter
{
    public static void Write(Frame frame, Stream stream)
    {
        JsonEncodedText[] names = [.. frame.Columns.Select(column => JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        for (int row = 0; row < frame.RowCount; row++)
        {
            Interruption.Check();
            writer.WriteStartObject();
            for (int column = 0; column < names.Length; column++)
            {
                writer.WritePropertyName(names[column]);
                WriteValue(writer, frame.Columns[column], row);
            }

            writer.WriteEndObject();
            writer.Flush();
            writer.Reset();
            stream.WriteByte((byte)'\n');
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, Column column, int row)
    {
        switch (column.GetValue(row))
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case long integer:
                writer.WriteNumberValue(integer);
                break;
            case double or float:
                writer.WriteRawValue(Number(column, row));
                break;
            default:
                writer.WriteStringValue(column.GetText(row));
                break;
        }
    }

    /// <summary>A number with a point or an exponent, so that it reads back as one that may have a fraction.</summary>
    private static string Number(Column column, int row)
    {
        string text = column.GetText(row);
        return !char.IsAsciiDigit(text[^1]) ? throw Throw.NoJsonNumber(column, row)
            : text.AsSpan().ContainsAny('.', 'E') ? text
            : text + ".0";
    }
}
