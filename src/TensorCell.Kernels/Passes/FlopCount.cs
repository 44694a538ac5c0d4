namespace TensorCell.Kernels.Passes;

/// <summary>How many floating-point operations an item of a launch takes.</summary>
/// <param name="Flops">How many; of the two sides of a branch whose condition a launch does not tell, the longer one's.</param>
/// <param name="IsLeast">Whether a loop whose number of turns the data decides is among them, counted as one turn.</param>
internal readonly record struct FlopCount(double Flops, bool IsLeast)
{
    public static FlopCount operator +(FlopCount left, FlopCount right) => new(left.Flops + right.Flops, left.IsLeast || right.IsLeast);
}
