namespace TensorCell.Kernels.Elementary;

/// <summary>The error function: a minimax polynomial near 0, and one of its own, in f64 for e^(x²) erfc x, beyond (coefficients.py).</summary>
internal static class ErrorFunction
{
    /// <summary>The error function.</summary>
    [WithinUlp(2)]
    public static float Erf(float x)
    {
        // All that is beyond rounds to 1, and so does the polynomial there.
        var magnitude = MathF.Abs(x);
        magnitude = magnitude > 3.92f ? 3.92f : magnitude;
        return MathF.CopySign(magnitude < 1.125f ? NearZero(magnitude) : FarFromZero(magnitude), x);
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

    private static float NearZero(float x)
    {
        var z = x * x;
        var p = MathF.FusedMultiplyAdd(z, 7.021916413722898e-5f, -7.7485424611358948e-4f);
        p = MathF.FusedMultiplyAdd(z, p, 5.1575029938765934e-3f);
        p = MathF.FusedMultiplyAdd(z, p, -2.6837107762103849e-2f);
        p = MathF.FusedMultiplyAdd(z, p, 1.128317720286016e-1f);
        p = MathF.FusedMultiplyAdd(z, p, -3.7612589535192805e-1f);
        p = MathF.FusedMultiplyAdd(z, p, 1.2837916051993879e-1f);
        return MathF.FusedMultiplyAdd(x, p, x);
    }

    private static float FarFromZero(float x)
    {
        var t = x - 2.5f;
        var p = MathF.FusedMultiplyAdd(t, -9.0780473560840781e-6f, 2.0880425936037866e-5f);
        p = MathF.FusedMultiplyAdd(t, p, 6.1723913809557725e-5f);
        p = MathF.FusedMultiplyAdd(t, p, -2.7815224657844644e-4f);
        p = MathF.FusedMultiplyAdd(t, p, 2.8665030378380503e-4f);
        p = MathF.FusedMultiplyAdd(t, p, 5.6912097305821705e-4f);
        p = MathF.FusedMultiplyAdd(t, p, -2.8181296628604917e-3f);
        p = MathF.FusedMultiplyAdd(t, p, 6.1041409121964566e-3f);
        p = MathF.FusedMultiplyAdd(t, p, -8.6154112958471716e-3f);
        p = MathF.FusedMultiplyAdd(t, p, 8.3529812817244474e-3f);
        p = MathF.FusedMultiplyAdd(t, p, -5.4466276020259964e-3f);
        p = MathF.FusedMultiplyAdd(t, p, 2.1780999514298703e-3f);
        return MathF.FusedMultiplyAdd(t, p, 9.9959306752266338e-1f);
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
