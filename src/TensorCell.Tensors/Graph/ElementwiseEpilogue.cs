using System.Runtime.InteropServices;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Graph;

/// <summary>A kernel as the epilogue of a matrix product.</summary>
internal sealed unsafe class ElementwiseEpilogue : IDisposable
{
    private readonly PartLaunch launch;
    private GCHandle handle;

    /// <param name="launch">What runs on each part; disposed with this.</param>
    public ElementwiseEpilogue(PartLaunch launch)
    {
        this.launch = launch;
        handle = GCHandle.Alloc(launch);
    }

    /// <summary>As a product takes it; to be used while this is not disposed.</summary>
    public MatrixEpilogue Epilogue => new(&Run, GCHandle.ToIntPtr(handle));

    /// <inheritdoc/>
    public void Dispose()
    {
        handle.Free();
        launch.Dispose();
    }

    private static void Run(nint context, long row, long column, long rows, long columns) =>
        ((PartLaunch)GCHandle.FromIntPtr(context).Target!).Run(row, column, rows, columns);
}
