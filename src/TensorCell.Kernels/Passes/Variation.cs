namespace TensorCell.Kernels.Passes;

/// <summary>How a value differs from lane to lane, neighbouring lanes being neighbouring items along X.</summary>
/// <param name="Stride">By how much it grows from one lane to the next: 0 where all have the same; null where nothing is known.</param>
internal readonly record struct Variation(long? Stride)
{
    /// <summary>The same in all lanes.</summary>
    public static Variation Uniform => new(0);

    /// <summary>Any value in any lane.</summary>
    public static Variation Varying => default;

    /// <summary>Whether all lanes have the same.</summary>
    public bool IsUniform => Stride == 0;

    /// <summary>Whether it grows from lane to lane by a step that is known and not 0.</summary>
    public bool IsLinear => Stride is not (null or 0);

    /// <summary>Whether nothing is known.</summary>
    public bool IsVarying => Stride is null;
}
