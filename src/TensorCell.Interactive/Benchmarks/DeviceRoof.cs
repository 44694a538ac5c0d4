namespace TensorCell.Interactive;

/// <summary>What the device that ran a benchmark can reach, as measured on it.</summary>
/// <param name="Device">Its name.</param>
/// <param name="FlopsPerSecond">Floating-point operations per second.</param>
/// <param name="BytesPerSecond">Bytes read and written per second.</param>
public sealed record DeviceRoof(string Device, double FlopsPerSecond, double BytesPerSecond);
