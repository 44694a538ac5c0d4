using System.Reflection.Emit;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>What the emitter knows of one value: how often it is used, and where it is kept.</summary>
internal sealed class GridValue(Node node)
{
    public Node Node { get; } = node;

    /// <summary>Where it is computed; null for what is there before the first item of a row.</summary>
    public Region? Home { get; set; }

    /// <summary>Uses as one value for all lanes, or as that of the first lane.</summary>
    public int ScalarUses { get; set; }

    /// <summary>Uses as a vector.</summary>
    public int VectorUses { get; set; }

    /// <summary>Whether it is used as one value elsewhere than where it is computed.</summary>
    public bool IsScalarUsedElsewhere { get; set; }

    /// <summary>Whether it is used as a vector elsewhere than where it is computed.</summary>
    public bool IsVectorUsedElsewhere { get; set; }

    /// <summary>How many operations are evaluated with it where it is used.</summary>
    public int TreeSize { get; set; } = 1;

    /// <summary>Whether it is kept in a vector local.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether it is kept in a scalar local.</summary>
    public bool IsHeldScalar { get; set; }

    /// <summary>When it is first assigned, in the order of emission.</summary>
    public int Definition { get; set; } = -1;

    /// <summary>When it is last needed.</summary>
    public int LastUse { get; set; } = -1;

    /// <summary>The number of the vector local it is kept in.</summary>
    public int Local { get; set; } = -1;

    /// <summary>In a program with groups: the phase that computes it; 0 for the whole group, -1 for several.</summary>
    public int Phase { get; set; }

    /// <summary>Whether it is alive from one phase to another.</summary>
    public bool IsCrossing { get; set; }

    /// <summary>Where in the frame it is kept from one phase to another.</summary>
    public int Memory { get; set; }

    /// <summary>The scalar local it is kept in.</summary>
    public LocalBuilder? Scalar { get; set; }
}
