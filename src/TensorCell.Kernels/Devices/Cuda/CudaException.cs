namespace TensorCell.Kernels;

/// <summary>A call of the CUDA driver failed.</summary>
public sealed class CudaException : Exception
{
    /// <summary>The driver's code for memory that is exhausted.</summary>
    internal const int OutOfMemory = 2;

    internal CudaException(int code, string message)
        : base(message) => Code = code;

    /// <summary>The driver's error code (CUresult).</summary>
    public int Code { get; }
}
