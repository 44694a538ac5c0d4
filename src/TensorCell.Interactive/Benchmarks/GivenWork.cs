using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>The work of one run, as the user states it.</summary>
/// <param name="Flops">Floating-point operations; null when not stated.</param>
/// <param name="Bytes">Bytes read and written; null when not stated.</param>
/// <param name="Roof">What the default device can reach; null when nothing is stated.</param>
internal readonly record struct GivenWork(double? Flops, double? Bytes, DeviceRoof? Roof)
{
    /// <summary>Reads <c>--flops</c> and <c>--bytes</c>: numbers, or C# that gives one.</summary>
    /// <exception cref="Magics.MagicException">One is neither.</exception>
    public static async Task<GivenWork> ReadAsync(INotebook notebook, string magic, string flops, string bytes)
    {
        var flopsPerRun = await EvaluateAsync(notebook, magic, "--flops", flops);
        var bytesPerRun = await EvaluateAsync(notebook, magic, "--bytes", bytes);
        return new(
            flopsPerRun,
            bytesPerRun,
            flopsPerRun is null && bytesPerRun is null ? null : WorkListener.RoofOf(Device.Default, DType.Float32));
    }

    private static async Task<double?> EvaluateAsync(INotebook notebook, string magic, string option, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number))
        {
            try
            {
                number = Convert.ToDouble(await notebook.EvaluateAsync(text), CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is CodeException or InvalidCastException or FormatException or OverflowException)
            {
                Throw.Magic($"{magic} {option} {text}: {text} is neither a number nor C# that gives one; write {option} 2e9 or {option} \"2.0 * n * n * n\"", exception);
            }
        }

        if (!double.IsFinite(number) || number < 0)
        {
            Throw.Magic($"{magic} {option} {text}: {option} is {number.ToString(CultureInfo.InvariantCulture)}, but it counts something and must be 0 or more");
        }

        return number;
    }
}
