using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>The operations of the engine on some kind of value, so that a rule written once serves nodes of a kernel and whole tensors.</summary>
/// <typeparam name="TValue">What is computed with.</typeparam>
internal interface IAlgebra<TValue>
    where TValue : class
{
    /// <summary>A number of the type of another value.</summary>
    static abstract TValue Constant(TValue like, double number);

    /// <summary>An operation on one value.</summary>
    static abstract TValue Unary(UnaryOperation operation, TValue value);

    /// <summary>An operation on two values.</summary>
    static abstract TValue Binary(BinaryOperation operation, TValue left, TValue right);

    /// <summary>Whether a relation holds.</summary>
    static abstract TValue Compare(Comparison comparison, TValue left, TValue right);

    /// <summary>One of two values, by a condition.</summary>
    static abstract TValue Select(TValue condition, TValue whenTrue, TValue whenFalse);
}
