namespace TensorCell.Kernels;

/// <summary>Something that kernels take as a view: what a captured variable may hold beside arrays and numbers.</summary>
internal interface IKernelArgument
{
    /// <summary>The view.</summary>
    KernelArgument ToArgument();
}
