namespace TensorCell.Kernels.Elementary;

/// <summary>The error function: a minimax polynomial below 1, and one for e^(x²) erfc x above (coefficients.py).</summary>
internal static class ErrorFunction
{
    /// <summary>The error function.</summary>
    [WithinUlp(2)]
    public static float Erf(float x)
    {
        var magnitude = MathF.Abs(x);
        var wide = (double)(magnitude > 4f ? 4f : magnitude);
        var z = wide * wide;
        var p = Math.FusedMultiplyAdd(z, 7.8538354955398082894e-5, -8.010188531042184685e-4);
        p = Math.FusedMultiplyAdd(z, p, 5.1883274868329817177e-3);
        p = Math.FusedMultiplyAdd(z, p, -2.685381209244800214e-2);
        p = Math.FusedMultiplyAdd(z, p, 1.1283585161917879539e-1);
        p = Math.FusedMultiplyAdd(z, p, -3.7612625827146438584e-1);
        p = Math.FusedMultiplyAdd(z, p, 1.1283791657274594148);
        var small = wide * p;
        var t = wide - 2.5;
        var q = Math.FusedMultiplyAdd(t, 8.9613779857969086602e-7, 5.0928277338692339254e-7);
        q = Math.FusedMultiplyAdd(t, q, -1.5768010947388960748e-5);
        q = Math.FusedMultiplyAdd(t, q, 1.7682058429620226812e-5);
        q = Math.FusedMultiplyAdd(t, q, 8.1256647218529442154e-5);
        q = Math.FusedMultiplyAdd(t, q, -2.7039890946653873708e-4);
        q = Math.FusedMultiplyAdd(t, q, 2.5848072319987859446e-4);
        q = Math.FusedMultiplyAdd(t, q, 5.6006505704652852007e-4);
        q = Math.FusedMultiplyAdd(t, q, -2.7973489747922063259e-3);
        q = Math.FusedMultiplyAdd(t, q, 6.1093025360744622637e-3);
        q = Math.FusedMultiplyAdd(t, q, -8.6226857404151973942e-3);
        q = Math.FusedMultiplyAdd(t, q, 8.3517156535645627327e-3);
        q = Math.FusedMultiplyAdd(t, q, -5.4456764280814757311e-3);
        q = Math.FusedMultiplyAdd(t, q, 2.1781889423514440857e-3);
        q = Math.FusedMultiplyAdd(t, q, 9.9959304732960811508e-1);
        return MathF.CopySign((float)(wide < 1.0 ? small : q), x);
    }

    /// <summary>The error function.</summary>
    [WithinUlp(2)]
    public static double Erf(double x)
    {
        var magnitude = Math.Abs(x);
        magnitude = magnitude > 6.0 ? 6.0 : magnitude;
        var z = magnitude * magnitude;
        var p = Math.FusedMultiplyAdd(z, 5.9452276783863556906e-11, -1.1365643951686910026e-9);
        p = Math.FusedMultiplyAdd(z, p, 1.4657873565890490131e-8);
        p = Math.FusedMultiplyAdd(z, p, -1.6350024183726498573e-7);
        p = Math.FusedMultiplyAdd(z, p, 1.6460972706602829042e-6);
        p = Math.FusedMultiplyAdd(z, p, -1.4925593499021148414e-5);
        p = Math.FusedMultiplyAdd(z, p, 1.2055331036518485982e-4);
        p = Math.FusedMultiplyAdd(z, p, -8.5483269787297564583e-4);
        p = Math.FusedMultiplyAdd(z, p, 5.2239776247806003261e-3);
        p = Math.FusedMultiplyAdd(z, p, -2.6866170645072859549e-2);
        p = Math.FusedMultiplyAdd(z, p, 1.1283791670954857229e-1);
        p = Math.FusedMultiplyAdd(z, p, -3.7612638903183747595e-1);
        p = Math.FusedMultiplyAdd(z, p, 1.1283791670955125737);
        return Math.CopySign(magnitude < 1.0 ? magnitude * p : 1.0 - Complement(magnitude, z), x);
    }

    /// <summary>erfc x for 1 ≤ x ≤ 6 and z = x².</summary>
    private static double Complement(double x, double z)
    {
        var t = (x - 2.0) / (x + 2.0);
        var p = Math.FusedMultiplyAdd(t, 1.687949571833510299e-7, -6.6893274360877454184e-7);
        p = Math.FusedMultiplyAdd(t, p, -4.9279224550539852639e-7);
        p = Math.FusedMultiplyAdd(t, p, 1.2751125138061555392e-6);
        p = Math.FusedMultiplyAdd(t, p, 3.7502561966413980152e-6);
        p = Math.FusedMultiplyAdd(t, p, 1.378411080393332288e-6);
        p = Math.FusedMultiplyAdd(t, p, -1.3959464973436180529e-5);
        p = Math.FusedMultiplyAdd(t, p, -2.75789834088516724e-5);
        p = Math.FusedMultiplyAdd(t, p, 2.7524565275065051168e-5);
        p = Math.FusedMultiplyAdd(t, p, 1.7436115550897432363e-4);
        p = Math.FusedMultiplyAdd(t, p, 4.355565527082149624e-5);
        p = Math.FusedMultiplyAdd(t, p, -9.8197702791965572183e-4);
        p = Math.FusedMultiplyAdd(t, p, -8.4714325260131160767e-4);
        p = Math.FusedMultiplyAdd(t, p, 6.9974617392593988701e-3);
        p = Math.FusedMultiplyAdd(t, p, 3.7328924043543071682e-3);
        p = Math.FusedMultiplyAdd(t, p, -7.8978581015732904427e-2);
        p = Math.FusedMultiplyAdd(t, p, 2.4165819424246630117e-1);
        p = Math.FusedMultiplyAdd(t, p, -4.27185847413958394e-1);
        p = Math.FusedMultiplyAdd(t, p, 2.5539567631050574392e-1);
        return p * Exponential.ExpOfSum(-z, -Math.FusedMultiplyAdd(x, x, -z));
    }
}
