using System.Reflection.Emit;

namespace TensorCell.Kernels.Simd;

// Folds. Their order is that of Fold, whatever the width of vectors, which come here in parts where those of Fold are wider than the hardware's.
internal sealed partial class LineEmitter
{
    private readonly List<LocalBuilder> halves = [];
    private readonly Dictionary<(int Operand, int Row), LocalBuilder> rowAddresses = [];

    /// <summary>Vectors that make up one of <see cref="Fold.VectorBytes"/>.</summary>
    private int Parts => Fold.VectorBytes / type.Size / Lanes;

    private bool Widens => access.Fold.Widens(type);

    private void EmitFoldOfLine()
    {
        LocalBuilder[] accumulators = [.. Enumerable.Range(0, Widens ? 2 * Parts : Parts).Select(_ => il.DeclareLocal(AccumulatorType))];
        for (int i = 0; i < accumulators.Length; i++)
        {
            EmitStateAddress(i);
            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Ldobj, AccumulatorType);
            il.Emit(OpCodes.Stloc, accumulators[i]);
        }

        if (Widens)
        {
            EmitLongGroups(accumulators);
        }

        EmitLoop(Fold.Group * Parts, access.Rest == LineRest.None && !Widens, () =>
        {
            isPrefetching = true;
            EmitGroup(Fold.Group * Parts, Parts, part => EmitAccumulate(accumulators, part));
            isPrefetching = false;
        });
        if (access.Rest != LineRest.None)
        {
            EmitLoop(Parts, false, () => EmitSingles(accumulators, masks: null));
        }

        if (access.Rest == LineRest.Elements)
        {
            EmitIfSomeAreLeft(() => EmitSingles(accumulators, EmitMask));
        }

        for (int i = 0; i < accumulators.Length; i++)
        {
            EmitStateAddress(i);
            il.Emit(OpCodes.Ldloc, accumulators[i]);
            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Stobj, AccumulatorType);
        }

        il.Emit(OpCodes.Ldloc, state);
        EmitField(nameof(LineCall.StateStride));
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, state);
    }

    /// <summary>Groups of which every fourth vector is added up, as long as the line has that many more.</summary>
    private void EmitLongGroups(LocalBuilder[] accumulators)
    {
        int together = Fold.Chains * Parts;
        long length = (long)Fold.LongGroup * Parts * Lanes;
        LocalBuilder groupEnd = il.DeclareLocal(typeof(long));
        Label group = il.DefineLabel();
        Label turn = il.DefineLabel();
        Label end = il.DefineLabel();
        EmitBranchUnlessLeft(Fold.LongGroup * Parts, end);
        il.MarkLabel(group);
        for (int chain = 0; chain < together; chain++)
        {
            EmitIdentity();
            il.Emit(OpCodes.Stloc, Half(chain));
        }

        il.Emit(OpCodes.Ldloc, index);
        EmitLong(length);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, groupEnd);
        il.MarkLabel(turn);
        isPrefetching = true;
        EmitChains(together);
        isPrefetching = false;
        EmitAdvance(together);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, groupEnd);
        il.Emit(OpCodes.Blt, turn);
        for (int part = 0; part < Parts; part++)
        {
            EmitSumOfHalves(part, Parts + part);
            EmitSumOfHalves((2 * Parts) + part, (3 * Parts) + part);
            EmitFold(type);
            il.Emit(OpCodes.Stloc, value);
            EmitAccumulate(accumulators, part);
        }

        il.Emit(OpCodes.Ldloc, index);
        EmitLong(length);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Ble, group);
        il.MarkLabel(end);
    }

    /// <summary>Computes some vectors and folds each into a chain of its own.</summary>
    private void EmitChains(int vectors)
    {
        for (int first = 0; first < vectors; first += access.Unroll)
        {
            ElementCopy[] copies = Copies(first, Math.Min(access.Unroll, vectors - first));
            EmitPrefetches(copies);
            elements.EmitStatements(schedule, copies);
            foreach (ElementCopy copy in copies)
            {
                il.Emit(OpCodes.Ldloc, Half(copy.Number));
                EmitFolded(copy);
                EmitFold(type);
                il.Emit(OpCodes.Stloc, Half(copy.Number));
            }
        }
    }

    private void EmitSumOfHalves(int left, int right)
    {
        il.Emit(OpCodes.Ldloc, Half(left));
        il.Emit(OpCodes.Ldloc, Half(right));
        EmitFold(type);
    }

    /// <summary>A vector of what values are folded in.</summary>
    private Type AccumulatorType => Widens ? operations.VectorOf(LaneType.Float64, Lanes / 2) : operations.VectorOf(type);

    private void EmitStateAddress(int accumulator)
    {
        il.Emit(OpCodes.Ldloc, state);
        il.Emit(OpCodes.Ldc_I4, accumulator * (Widens ? Lanes / 2 * sizeof(double) : Lanes * type.Size));
        il.Emit(OpCodes.Add);
    }

    /// <summary>Computes a group of vectors, folds every other one into one of two and these into one, for each part, and hands it on.</summary>
    private void EmitGroup(int vectors, int parts, Action<int> emitPart, Action<int, ElementCopy>? masks = null)
    {
        for (int first = 0; first < vectors; first += access.Unroll)
        {
            ElementCopy[] copies = [.. Copies(first, Math.Min(access.Unroll, vectors - first)).Select(copy => copy with { Masks = masks })];
            EmitPrefetches(copies);
            elements.EmitStatements(schedule, copies);
            foreach (ElementCopy copy in copies)
            {
                bool isFirst = copy.Number < 2 * parts;
                LocalBuilder half = Half(copy.Number % (2 * parts));
                if (!isFirst)
                {
                    il.Emit(OpCodes.Ldloc, half);
                }

                EmitFolded(copy);
                if (!isFirst)
                {
                    EmitFold(type);
                }

                il.Emit(OpCodes.Stloc, half);
            }
        }

        for (int part = 0; part < parts; part++)
        {
            il.Emit(OpCodes.Ldloc, Half(part));
            il.Emit(OpCodes.Ldloc, Half(parts + part));
            EmitFold(type);
            il.Emit(OpCodes.Stloc, value);
            emitPart(part);
        }
    }

    private LocalBuilder Half(int number)
    {
        while (halves.Count <= number)
        {
            halves.Add(il.DeclareLocal(operations.VectorOf(type)));
        }

        return halves[number];
    }

    /// <summary>Computes the parts of one vector and folds them by themselves.</summary>
    private void EmitSingles(LocalBuilder[] accumulators, Action<int, ElementCopy>? masks)
    {
        for (int part = 0; part < Parts; part++)
        {
            ElementCopy copy = new(part, 0, masks);
            elements.EmitStatements(schedule, [copy]);
            if (masks is null)
            {
                EmitFolded(copy);
            }
            else
            {
                EmitMask(type.Size, copy);
                operations.Reinterpret(LaneTypes.Mask(type.Size), type);
                EmitFolded(copy);
                EmitIdentity();
                operations.Apply(new Instruction(VectorCode.Select, type), type);
            }

            il.Emit(OpCodes.Stloc, value);
            EmitAccumulate(accumulators, part);
        }
    }

    /// <summary>Pushes the value of a vector, which is stored too if that is wanted.</summary>
    private void EmitFolded(ElementCopy copy)
    {
        elements.EmitValue(schedule, program.Results[0], copy);
        if (access.Stores)
        {
            il.Emit(OpCodes.Stloc, value);
            EmitStore(copy, () => il.Emit(OpCodes.Ldloc, value));
            il.Emit(OpCodes.Ldloc, value);
        }
    }

    /// <summary>Pushes what changes nothing.</summary>
    private void EmitIdentity()
    {
        double real = access.Fold switch { LineFold.Sum => 0, LineFold.Max => double.NegativeInfinity, _ => double.PositiveInfinity };
        switch (type)
        {
            case LaneType.Float32:
                il.Emit(OpCodes.Ldc_R4, (float)real);
                break;
            case LaneType.Float64:
                il.Emit(OpCodes.Ldc_R8, real);
                break;
            case LaneType.Int64:
                EmitLong(access.Fold switch { LineFold.Sum => 0, LineFold.Max => long.MinValue, _ => long.MaxValue });
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, access.Fold switch { LineFold.Sum => 0, LineFold.Max => int.MinValue, _ => int.MaxValue });
                break;
        }

        operations.Broadcast(type);
    }

    /// <summary>Folds <see cref="value"/> into accumulators in locals.</summary>
    private void EmitAccumulate(LocalBuilder[] accumulators, int part)
    {
        if (!Widens)
        {
            il.Emit(OpCodes.Ldloc, accumulators[part]);
            il.Emit(OpCodes.Ldloc, value);
            EmitFold(type);
            il.Emit(OpCodes.Stloc, accumulators[part]);
            return;
        }

        for (int half = 0; half < 2; half++)
        {
            il.Emit(OpCodes.Ldloc, accumulators[(2 * part) + half]);
            EmitWide(half);
            EmitAddWide();
            il.Emit(OpCodes.Stloc, accumulators[(2 * part) + half]);
        }
    }

    private void EmitFold(LaneType folded) => operations.Apply(
        new Instruction(access.Fold switch { LineFold.Sum => VectorCode.Add, LineFold.Max => VectorCode.Max, _ => VectorCode.Min }, folded), folded);

    /// <summary>Pushes a half of <see cref="value"/> as f64.</summary>
    private void EmitWide(int half)
    {
        il.Emit(OpCodes.Ldloc, value);
        operations.WidenHalf(half);
    }

    private void EmitAddWide() => operations.AddWide(Lanes / 2);

    /// <summary>Folds lines into the places of the first: a group of lines at a time, vector by vector, then those left one by one.</summary>
    private void EmitFoldAcross()
    {
        EmitAcross(Fold.Group);
        EmitAcross(1);
    }

    private void EmitAcross(int together)
    {
        Label next = il.DefineLabel();
        Label end = il.DefineLabel();
        il.MarkLabel(next);
        il.Emit(OpCodes.Ldloc, lines);
        EmitLong(together);
        il.Emit(OpCodes.Blt, end);
        for (int operand = 0; operand < operandCount; operand++)
        {
            for (int row = 0; row < together; row++)
            {
                il.Emit(OpCodes.Ldloc, row == 0 ? addresses[operand] : RowAddress(operand, row - 1));
                if (row > 0)
                {
                    EmitStride(operand);
                    il.Emit(OpCodes.Conv_I);
                    il.Emit(OpCodes.Add);
                }

                il.Emit(OpCodes.Stloc, RowAddress(operand, row));
            }
        }

        EmitLong(0);
        il.Emit(OpCodes.Stloc, index);
        EmitLoop(1, access.Rest == LineRest.None, () =>
        {
            isPrefetching = true;
            EmitColumns(together, null);
            isPrefetching = false;
        });
        if (access.Rest == LineRest.Elements)
        {
            EmitIfSomeAreLeft(() => EmitColumns(together, EmitMask));
        }

        EmitNextLines(together);
        il.Emit(OpCodes.Ldloc, lines);
        EmitLong(together);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, lines);
        il.Emit(OpCodes.Br, next);
        il.MarkLabel(end);
    }

    private void EmitColumns(int together, Action<int, ElementCopy>? masks)
    {
        if (together > 1)
        {
            EmitGroup(together, 1, _ => EmitAccumulateInMemory(), masks);
            return;
        }

        ElementCopy copy = new(0, 0, masks);
        EmitPrefetches([copy]);
        elements.EmitStatements(schedule, [copy]);
        EmitFolded(copy);
        il.Emit(OpCodes.Stloc, value);
        EmitAccumulateInMemory();
    }

    /// <summary>Folds <see cref="value"/> into the state of its places, which goes on to whole vectors.</summary>
    private void EmitAccumulateInMemory()
    {
        int size = Widens ? sizeof(double) : type.Size;
        for (int half = 0; half < (Widens ? 2 : 1); half++)
        {
            EmitPlace(half);
            EmitPlace(half);
            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Ldobj, AccumulatorType);
            if (Widens)
            {
                EmitWide(half);
                EmitAddWide();
            }
            else
            {
                il.Emit(OpCodes.Ldloc, value);
                EmitFold(type);
            }

            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Stobj, AccumulatorType);
        }

        void EmitPlace(int half)
        {
            il.Emit(OpCodes.Ldloc, state);
            il.Emit(OpCodes.Ldloc, index);
            EmitLong(size);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldc_I4, half * Lanes / 2 * size);
            il.Emit(OpCodes.Add);
        }
    }

    private LocalBuilder RowAddress(int operand, int row)
    {
        if (!rowAddresses.TryGetValue((operand, row), out LocalBuilder? local))
        {
            rowAddresses.Add((operand, row), local = il.DeclareLocal(typeof(byte*)));
        }

        return local;
    }
}
