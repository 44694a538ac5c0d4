using System.CommandLine;
using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Jupyter.Commands;

/// <summary><c>tensorcell device</c>: the devices of this machine and their measured limits.</summary>
internal static class DeviceCommand
{
    public static Command Create()
    {
        var command = new Command("device", "List the devices tensors can live on, with the limits measured on them.");
        command.SetAction(_ => Show(Console.Out));
        return command;
    }

    private static int Show(TextWriter output)
    {
        foreach (Device device in Device.All)
        {
            DeviceLimits limits = device.Limits;
            output.WriteLine($"{device.Name}{(device == Device.Default ? " (default)" : "")}: {device.Description}");
            Line(output, "cores", limits.Cores.ToString(CultureInfo.InvariantCulture));
            if (limits.SimdBits > 0)
            {
                Line(output, "SIMD width", $"{limits.SimdBits} bits");
            }

            Line(output, "peak f32", $"{Number(limits.FlopsFloat32 / 1e9)} GFLOP/s");
            Line(output, "peak f64", $"{Number(limits.FlopsFloat64 / 1e9)} GFLOP/s");
            Line(output, "memory copy", $"{Number(limits.CopyBytesPerSecond / 1e9)} GB/s");
            Line(output, "memory read", $"{Number(limits.ReadBytesPerSecond / 1e9)} GB/s");
            Line(output, "memory", $"{Number(device.MemoryBytes / (double)(1 << 30))} GiB");
            foreach (CacheLevel cache in limits.Caches)
            {
                string sharing = cache.SharedBy > 1 ? $", shared by {cache.SharedBy}" : "";
                Line(output, $"L{cache.Level} cache", $"{cache.Bytes >> 10} KiB{sharing}");
            }
        }

        return CommandLine.Success;
    }

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"  {name,-12} {value}");

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
