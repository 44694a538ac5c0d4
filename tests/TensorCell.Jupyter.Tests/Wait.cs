using System.Diagnostics;

namespace TensorCell.Jupyter.Tests;

/// <summary>Waits for something that another thread or process brings about.</summary>
internal static class Wait
{
    public static void Until(Func<bool> condition, double seconds = 20)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < seconds, $"it did not happen within {seconds} s");
            Thread.Sleep(5);
        }
    }
}
