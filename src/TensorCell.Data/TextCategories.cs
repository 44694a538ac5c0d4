namespace TensorCell.Data;

/// <summary>The different texts of a column and the number of each row's among them.</summary>
internal sealed record TextCategories(string[] Texts, int[] Codes)
{
    public static TextCategories Of(ReadOnlySpan<int> codes, TextTable table)
    {
        int[] numbers = new int[codes.Length];
        int[] numberOfCode = new int[table.Count];
        Array.Fill(numberOfCode, -1);
        List<string> texts = [];
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        for (int row = 0; row < codes.Length; row++)
        {
            int code = codes[row];
            if (code < 0)
            {
                numbers[row] = -1;
                continue;
            }

            if (numberOfCode[code] < 0)
            {
                string text = table.GetString(code);
                if (!known.TryGetValue(text, out int number))
                {
                    number = texts.Count;
                    known.Add(text, number);
                    texts.Add(text);
                }

                numberOfCode[code] = number;
            }

            numbers[row] = numberOfCode[code];
        }

        return new TextCategories([.. texts], numbers);
    }
}
