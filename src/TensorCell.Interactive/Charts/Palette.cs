namespace TensorCell.Interactive;

/// <summary>The colours of charts.</summary>
internal static class Palette
{
    /// <summary>Categories: distinguishable with every common colour vision, on white and on near-black.</summary>
    public static readonly string[] Categories =
        ["#3b7dd8", "#e8871e", "#1a9e77", "#cf5b9d", "#8a63d2", "#b8a021", "#45b3d6", "#d1495b"];

    /// <summary>A scale from low to high of even perceived steps (viridis' corner points).</summary>
    public static readonly string[] Sequential =
        ["#440154", "#482878", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6dcd59", "#b4de2c", "#fde725"];

    /// <summary>A scale that diverges from a neutral middle: blue below, red above.</summary>
    public static readonly string[] Diverging =
        ["#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b"];

    /// <summary>The colour of what no scale has a place for, such as NaN: on none of the scales.</summary>
    public const string OffScale = "#e0218a";

    /// <summary>The colour of the trace at a place.</summary>
    public static string Of(Trace trace, int index) => trace.Color ?? Categories[index % Categories.Length];

    /// <summary>The colour at a fraction from 0 to 1 of a scale.</summary>
    public static string At(string[] scale, double fraction)
    {
        var position = double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1) * (scale.Length - 1);
        var low = Math.Min((int)position, scale.Length - 2);
        var part = position - low;
        return $"#{Mix(1):x2}{Mix(3):x2}{Mix(5):x2}";

        int Mix(int start)
        {
            var from = Convert.ToInt32(scale[low].Substring(start, 2), 16);
            var to = Convert.ToInt32(scale[low + 1].Substring(start, 2), 16);
            return (int)Math.Round(from + ((to - from) * part));
        }
    }
}
