using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>The element of the arrays behind buffers: an array of bytes would end at 2 GiB.</summary>
[StructLayout(LayoutKind.Sequential, Size = CpuBuffer.Alignment)]
internal struct CacheLine;
