namespace TensorCell.Kernels;

/// <summary>The CUDA devices of this machine, looked for when somebody first asks.</summary>
internal static class CudaDevices
{
    /// <summary>The least compute capability that the PTX back end writes for.</summary>
    private const int LeastCapability = 70;

    private static readonly Lock access = new();
    private static (CudaDevice[] Devices, string Reason)? found;

    /// <summary>The devices.</summary>
    public static IReadOnlyList<CudaDevice> All => Find().Devices;

    /// <summary>Why there are none, or no more.</summary>
    public static string Reason => Find().Reason;

    /// <summary>Uses another driver, as tests do; null looks for the machine's own again.</summary>
    internal static void Use(ICudaDriver? driver)
    {
        lock (access)
        {
            found = driver is null ? null : List(driver);
        }
    }

    private static (CudaDevice[] Devices, string Reason) Find()
    {
        lock (access)
        {
            return found ??= CudaDriver.Find(out var reason) is { } driver ? List(driver) : ([], reason);
        }
    }

    private static (CudaDevice[] Devices, string Reason) List(ICudaDriver driver)
    {
        try
        {
            var devices = new List<CudaDevice>();
            var reason = "the driver lists no such device";
            var count = driver.CountDevices();
            for (var i = 0; i < count; i++)
            {
                var capability = (10 * driver.Attribute(i, CudaAttribute.CapabilityMajor)) + driver.Attribute(i, CudaAttribute.CapabilityMinor);
                if (capability >= LeastCapability)
                {
                    devices.Add(new(driver, i));
                }
                else
                {
                    reason = $"{driver.Name(i)} has compute capability {capability / 10}.{capability % 10}, and kernels need {LeastCapability / 10}.{LeastCapability % 10}";
                }
            }

            return ([.. devices], reason);
        }
        catch (CudaException error)
        {
            return ([], error.Message);
        }
    }
}
