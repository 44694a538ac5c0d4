using System.Reflection;
using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>Loops written in place.</summary>
public sealed unsafe partial class GridKernel
{
    private static readonly ConditionalWeakTable<object, Dictionary<MethodInfo, GridKernel>> loops = [];
    private static readonly object noTarget = new();

    /// <summary>
    /// Runs a loop's body for each i from 0, as SIMD code on all cores, in no order: a parallel loop. The arrays and views it captures are
    /// read and written in place; numbers are read.
    /// </summary>
    /// <param name="count">How many items.</param>
    /// <param name="body">What each runs.</param>
    /// <exception cref="KernelRefusedException">The body holds something that a kernel cannot.</exception>
    /// <exception cref="IndexOutOfRangeException">An access was out of range; other items may have run.</exception>
    public static void For(int count, Action<int> body) => Loop(body).Launch(count);

    /// <summary>Runs a loop's body for each (y, x), as <see cref="For(int, Action{int})"/> does.</summary>
    /// <param name="height">How many rows.</param>
    /// <param name="width">How many columns.</param>
    /// <param name="body">What each item runs, given its row and column.</param>
    /// <exception cref="KernelRefusedException">The body holds something that a kernel cannot.</exception>
    /// <exception cref="IndexOutOfRangeException">An access was out of range; other items may have run.</exception>
    public static void For(int height, int width, Action<int, int> body) => Loop(body).Launch((height, width));

    /// <summary>Runs a loop's body for each (z, y, x), as <see cref="For(int, Action{int})"/> does.</summary>
    /// <param name="depth">How many planes.</param>
    /// <param name="height">How many rows.</param>
    /// <param name="width">How many columns.</param>
    /// <param name="body">What each item runs, given its plane, row and column.</param>
    /// <exception cref="KernelRefusedException">The body holds something that a kernel cannot.</exception>
    /// <exception cref="IndexOutOfRangeException">An access was out of range; other items may have run.</exception>
    public static void For(int depth, int height, int width, Action<int, int, int> body) => Loop(body).Launch((depth, height, width));

    /// <summary>The kernel that a loop's body is, remembered as long as the object that holds its captured variables lives.</summary>
    private static GridKernel Loop(Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var known = loops.GetOrCreateValue(body.Target ?? noTarget);
        lock (known)
        {
            if (!known.TryGetValue(body.Method, out var kernel))
            {
                known.Add(body.Method, kernel = new(Frontend.KernelReader.ReadGrid(body.Method, body.Target)));
            }

            return kernel;
        }
    }
}
