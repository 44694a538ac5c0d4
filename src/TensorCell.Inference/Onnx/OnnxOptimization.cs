namespace TensorCell.Inference;

/// <summary>How far ONNX Runtime rewrites a graph before it runs.</summary>
public enum OnnxOptimization
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>What keeps the operators: constants folded, needless nodes removed.</summary>
    Basic = 1,

    /// <summary>Nodes fused too.</summary>
    Extended = 2,

    /// <summary>Everything, the layout of memory included.</summary>
    All = 99,
}
