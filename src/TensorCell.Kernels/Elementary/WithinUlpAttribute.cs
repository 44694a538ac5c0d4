namespace TensorCell.Kernels.Elementary;

/// <summary>
/// States how far the results of an elementary function lie from the exact values at most, in units in the last place (the tests hold it to that),
/// for every argument there is.
/// </summary>
/// <param name="bound">The most units.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WithinUlpAttribute(double bound) : Attribute
{
    /// <summary>The most units.</summary>
    public double Bound => bound;
}
