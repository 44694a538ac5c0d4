using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace TensorCell.Kernels.Frontend;

/// <summary>Splits the bytes of a method's IL into instructions.</summary>
internal static class IlReader
{
    private static readonly Dictionary<short, OpCode> codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static List<IlInstruction> Read(ReadOnlySpan<byte> il)
    {
        var instructions = new List<IlInstruction>();
        var position = 0;
        while (position < il.Length)
        {
            var offset = position;
            short value = il[position++];
            if (value == 0xFE)
            {
                value = (short)(0xFE00 | il[position++]);
            }

            var code = codes[value];
            int[]? targets = null;
            var operand = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget => (sbyte)il[position] + position + 1,
                OperandType.InlineBrTarget => BinaryPrimitives.ReadInt32LittleEndian(il[position..]) + position + 4,
                OperandType.ShortInlineI => (sbyte)il[position],
                OperandType.ShortInlineVar => il[position],
                OperandType.InlineVar => BinaryPrimitives.ReadUInt16LittleEndian(il[position..]),
                OperandType.InlineI8 or OperandType.InlineR => BinaryPrimitives.ReadInt64LittleEndian(il[position..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(il[position..]),
            };
            position += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                _ => 4,
            };
            if (code.OperandType == OperandType.InlineSwitch)
            {
                targets = new int[operand];
                var after = position + (4 * targets.Length);
                for (var i = 0; i < targets.Length; i++, position += 4)
                {
                    targets[i] = BinaryPrimitives.ReadInt32LittleEndian(il[position..]) + after;
                }
            }

            instructions.Add(new(offset, position, code, operand, targets));
        }

        return instructions;
    }
}
