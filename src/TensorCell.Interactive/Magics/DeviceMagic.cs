using TensorCell.Kernels;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!device</c>.</summary>
[Magic(
    "device",
    "Shows the devices and their measured limits, or makes one the default",
    Aliases = ["devices"],
    Examples = ["#!device", "#!device cpu"])]
public sealed class DeviceMagic : LineMagic
{
    /// <summary>The device to make the default.</summary>
    [Argument("NAME", "the device that new tensors live on from now on")]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    public override IEnumerable<string> Suggest(string property, INotebook? notebook) => Device.All.Select(device => device.Name);

    /// <inheritdoc/>
    public override Task RunAsync(INotebook notebook)
    {
        IReadOnlyList<Device> devices = Device.All;
        if (Name.Length > 0)
        {
            var chosen = devices.FirstOrDefault(device => device.Name.Equals(Name, StringComparison.OrdinalIgnoreCase));
            if (chosen is null)
            {
                Throw.Magic($"#!device {Name}: this machine has no device {Name}; it has {string.Join(", ", devices.Select(device => device.Name))}");
            }

            Device.Default = chosen;
            devices = [chosen];
        }

        foreach (var device in devices)
        {
            notebook.Display(device);
        }

        return Task.CompletedTask;
    }
}
