using TensorCell.Kernels;

namespace TensorCell.Interactive.Formatting;

/// <summary>A card for a device, and for what was measured on it.</summary>
internal static class DeviceHtml
{
    public static string Write(Device device) => Html.Output(Card(device));

    public static string Write(DeviceLimits limits) => Html.Output(Html.Card(Html.Heading("Limits", "measured"), Rows(limits)));

    public static string Text(Device device) =>
        $"{device.Name}: {device.Description}, {Quantity.Bytes(device.MemoryBytes)}\n  {Text(device.Limits)}";

    public static string Text(DeviceLimits limits) => string.Join("\n  ", Facts(limits).Select(fact => $"{fact.Name}: {fact.Value}"));

    private static string Card(Device device) => Html.Card(
        Html.Heading(device.Name + (ReferenceEquals(device, Device.Default) ? " (default)" : ""), device.Description),
        Rows(device.Limits, ("tensor memory", Quantity.Bytes(device.MemoryBytes))));

    private static string Rows(DeviceLimits limits, params ReadOnlySpan<(string Name, string Value)> more) =>
        Html.Properties([.. Facts(limits), .. more]);

    private static IEnumerable<(string Name, string Value)> Facts(DeviceLimits limits)
    {
        yield return ("cores", $"{limits.Cores}");
        if (limits.SimdBits > 0)
        {
            yield return ("SIMD", $"{limits.SimdBits} bits: {limits.SimdBits / 32} f32, {limits.SimdBits / 64} f64");
        }

        yield return ("peak f32", Quantity.Of(limits.FlopsFloat32, "FLOP/s"));
        yield return ("peak f64", Quantity.Of(limits.FlopsFloat64, "FLOP/s"));
        yield return ("copy", Quantity.Of(limits.CopyBytesPerSecond, "B/s"));
        yield return ("read", Quantity.Of(limits.ReadBytesPerSecond, "B/s"));
        if (limits.Caches.Count > 0)
        {
            yield return ("caches", string.Join(", ", limits.Caches.Select(cache => $"L{cache.Level} {Quantity.Bytes(cache.Bytes)}")));
        }
    }
}
