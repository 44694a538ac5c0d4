namespace TensorCell.Tensors.Tests;

/// <summary>Files with bytes changed, put in, taken out and cut off.</summary>
internal static class Damaged
{
    /// <summary>A damaged copy.</summary>
    /// <param name="sound">What is damaged.</param>
    /// <param name="random">Where and how.</param>
    /// <param name="pieces">Bytes that mean something in the format, which half the new bytes are taken from.</param>
    public static byte[] Of(byte[] sound, Random random, ReadOnlySpan<byte> pieces)
    {
        List<byte> damaged = [.. sound];
        for (int change = random.Next(1, 5); change > 0 && damaged.Count > 0; change--)
        {
            int place = random.Next(damaged.Count);
            byte value = random.Next(2) == 0 ? pieces[random.Next(pieces.Length)] : (byte)random.Next(256);
            switch (random.Next(5))
            {
                case 0:
                    damaged[place] = value;
                    break;
                case 1:
                    damaged[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    damaged.Insert(place, value);
                    break;
                case 3:
                    damaged.RemoveAt(place);
                    break;
                default:
                    damaged.RemoveRange(place, random.Next(damaged.Count - place));
                    damaged.Add(value);
                    break;
            }
        }

        return [.. damaged];
    }
}
