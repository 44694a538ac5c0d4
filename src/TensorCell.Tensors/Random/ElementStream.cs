namespace TensorCell.Tensors;

/// <summary>
/// As many random numbers as one element of a tensor takes: the blocks of <see cref="Philox"/> whose low half of the counter is the element's, from 1
/// in the high half, where 0 is for elements that take a known amount. So no element depends on how many numbers another one rejected.
/// </summary>
/// <param name="counter">The element's counter.</param>
/// <param name="seed">The key.</param>
internal struct ElementStream(ulong counter, ulong seed)
{
    private ulong taken;
    private ulong spare;
    private double normal = double.NaN;

    /// <summary>Evenly distributed between 0 and 1, neither included.</summary>
    public double Uniform()
    {
        ulong bits = spare;
        if (taken % 2 == 0)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(counter, (taken / 2) + 1, seed);
            bits = ((ulong)a << 32) | b;
            spare = ((ulong)c << 32) | d;
        }

        taken++;
        return ((bits >> 12) + 0.5) * (1.0 / (1UL << 52));
    }

    /// <summary>Normally distributed (Box and Muller 1958).</summary>
    public double Normal()
    {
        if (!double.IsNaN(normal))
        {
            double kept = normal;
            normal = double.NaN;
            return kept;
        }

        double length = Math.Sqrt(-2 * Math.Log(Uniform()));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * Uniform());
        normal = length * sine;
        return length * cosine;
    }
}
