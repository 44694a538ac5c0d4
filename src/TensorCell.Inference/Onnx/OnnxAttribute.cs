using TensorCell.Inference.Onnx;
using TensorCell.Tensors;

namespace TensorCell.Inference;

/// <summary>The value of a node's attribute: a number, text, a list of numbers or a tensor, converted from C#'s own types.</summary>
public sealed class OnnxAttribute
{
    private readonly object value;

    private OnnxAttribute(object value) => this.value = value;

    /// <summary>An integer.</summary>
    public static implicit operator OnnxAttribute(long value) => new(value);

    /// <summary>A floating-point number; ONNX keeps 32 bits of it.</summary>
    public static implicit operator OnnxAttribute(double value) => new((float)value);

    /// <summary>1 or 0.</summary>
    public static implicit operator OnnxAttribute(bool value) => new(value ? 1L : 0L);

    /// <summary>Text.</summary>
    public static implicit operator OnnxAttribute(string value) => new(value);

    /// <summary>Integers.</summary>
    public static implicit operator OnnxAttribute(long[] values) => new(values.ToArray());

    /// <summary>Integers.</summary>
    public static implicit operator OnnxAttribute(int[] values) => new(Array.ConvertAll(values, value => (long)value));

    /// <summary>Floating-point numbers.</summary>
    public static implicit operator OnnxAttribute(float[] values) => new(values.ToArray());

    /// <summary>A tensor.</summary>
    public static implicit operator OnnxAttribute(Tensor tensor) => new(tensor);

    /// <summary>The attribute as an AttributeProto.</summary>
    internal ProtobufWriter Write(string name)
    {
        ProtobufWriter attribute = new();
        attribute.Text(1, name);
        switch (value)
        {
            case float number:
                attribute.Float(2, number);
                attribute.Integer(20, 1);
                break;
            case long number:
                attribute.Integer(3, number);
                attribute.Integer(20, 2);
                break;
            case string text:
                attribute.Text(4, text);
                attribute.Integer(20, 3);
                break;
            case Tensor tensor:
                attribute.Message(5, TensorProto.Write("", tensor));
                attribute.Integer(20, 4);
                break;
            case float[] numbers:
                foreach (float number in numbers)
                {
                    attribute.Float(7, number);
                }

                attribute.Integer(20, 6);
                break;
            case long[] numbers:
                foreach (long number in numbers)
                {
                    attribute.Integer(8, number);
                }

                attribute.Integer(20, 7);
                break;
        }

        return attribute;
    }
}
