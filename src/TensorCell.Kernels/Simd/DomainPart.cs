namespace TensorCell.Kernels.Simd;

/// <summary>A part of a <see cref="FoldDomain"/>.</summary>
/// <param name="First">The first kept position.</param>
/// <param name="End">The one behind the last.</param>
/// <param name="FirstAcross">The first position across.</param>
/// <param name="EndAcross">The one behind the last.</param>
/// <param name="FirstWithin">The first position within a line.</param>
/// <param name="EndWithin">The one behind the last.</param>
internal readonly record struct DomainPart(long First, long End, long FirstAcross, long EndAcross, long FirstWithin, long EndWithin);
