namespace TensorCell.Kernels;

/// <summary>The owner of a view's memory that is asked, at each launch, where it lies: a tensor.</summary>
internal interface IKernelMemory
{
    /// <summary>The device that holds it.</summary>
    Device Device { get; }

    /// <summary>The address of the view's first element, valid while this object is reachable; what is pending has been computed.</summary>
    /// <param name="isWritten">Whether the kernel stores to it.</param>
    nint Address(bool isWritten);
}
