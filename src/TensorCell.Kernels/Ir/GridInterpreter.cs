namespace TensorCell.Kernels.Ir;

/// <summary>
/// Runs a grid program one item after another, as plainly as can be: what the front end's output and every back end are held against.
/// Programs with barriers run their groups' items in step.
/// </summary>
internal sealed class GridInterpreter
{
    private readonly GridProgram program;
    private readonly Func<ViewOperand, long[], Scalar> load;
    private readonly Action<ViewOperand, long[], Scalar> store;
    private readonly Func<ViewOperand, int, int> length;
    private readonly Scalar[] uniforms;
    private readonly int[] extent;
    private Scalar[][] shared = [];

    /// <param name="program">The program.</param>
    /// <param name="extent">Items along X, Y and Z.</param>
    /// <param name="uniforms">The values of all uniforms, captured ones included.</param>
    /// <param name="length">The extent of a view along a dimension.</param>
    /// <param name="load">Reads an element of a view, converted to its computed type; indices are within range.</param>
    /// <param name="store">Writes an element of a view, given in its computed type.</param>
    public GridInterpreter(
        GridProgram program,
        int[] extent,
        Scalar[] uniforms,
        Func<ViewOperand, int, int> length,
        Func<ViewOperand, long[], Scalar> load,
        Action<ViewOperand, long[], Scalar> store) =>
        (this.program, this.extent, this.uniforms, this.length, this.load, this.store) = (program, extent, uniforms, length, load, store);

    /// <summary>Runs every item; a result of each is given to <paramref name="onResult"/> with the item's x, y and z.</summary>
    /// <exception cref="IndexOutOfRangeException">An access is out of range.</exception>
    public void Run(Action<int[], Scalar[]>? onResult = null)
    {
        int[] group = program.GroupExtents.IsEmpty ? [1, 1, 1] : [.. program.GroupExtents];
        int[] groups = [.. extent.Select((count, axis) => (count + group[axis] - 1) / group[axis])];
        for (var z = 0; z < groups[2]; z++)
        {
            for (var y = 0; y < groups[1]; y++)
            {
                for (var x = 0; x < groups[0]; x++)
                {
                    RunGroup([x, y, z], groups, group, onResult);
                }
            }
        }
    }

    private void RunGroup(int[] at, int[] groups, int[] size, Action<int[], Scalar[]>? onResult)
    {
        shared = [.. program.Shared.Select(operand => Enumerable.Repeat(new Scalar(operand.Storage.Computed, 0), operand.Count).ToArray())];
        var items = new List<Item>();
        for (var i = 0; i < size[0] * size[1] * size[2]; i++)
        {
            int[] local = [i % size[0], i / size[0] % size[1], i / size[0] / size[1]];
            int[] global = [.. local.Select((index, axis) => (at[axis] * size[axis]) + index)];
            items.Add(new(this, global, local, at, groups));
        }

        // Each turn brings every item to its next barrier, or to its end.
        var running = items.Select(item => (Item: item, Steps: item.Run(program.Body).GetEnumerator())).ToList();
        while (running.Count > 0)
        {
            running.RemoveAll(one => !one.Steps.MoveNext());
        }

        foreach (var item in items)
        {
            onResult?.Invoke(item.Global, [.. program.Results.Select(item.Value)]);
        }
    }

    private sealed class Item(GridInterpreter owner, int[] global, int[] local, int[] group, int[] groups)
    {
        private readonly Dictionary<Node, Scalar> variables = new(ReferenceEqualityComparer.Instance);

        public int[] Global { get; } = global;

        /// <summary>Runs a region, stopping at each barrier.</summary>
        public IEnumerable<int> Run(Region region)
        {
            foreach (var statement in region.Statements)
            {
                switch (statement)
                {
                    case LetStatement let:
                        variables[let.Result] = ScalarEvaluator.Apply(let.Value, [Value(let.Value.Left), Value(let.Value.Right)]);
                        break;
                    case LoadStatement load:
                        variables[load.Result] = Load(load.Source, load.Indices);
                        break;
                    case StoreStatement store:
                        Store(store.Target, store.Indices, Value(store.Value));
                        break;
                    case AtomicStatement atomic:
                        Change(atomic);
                        break;
                    case BarrierStatement:
                        yield return 0;
                        break;
                    case IfStatement branch:
                        var holds = Value(branch.Condition).AsBoolean;
                        foreach (var barrier in Run(holds ? branch.Then : branch.Else))
                        {
                            yield return barrier;
                        }

                        Define(branch.Results, holds ? branch.ThenValues : branch.ElseValues);
                        break;
                    case LoopStatement loop:
                        Define(loop.Carried, loop.Initial);
                        while (true)
                        {
                            foreach (var barrier in Run(loop.Body))
                            {
                                yield return barrier;
                            }

                            if (!Value(loop.Repeat).AsBoolean)
                            {
                                Define(loop.Results, loop.ResultValues);
                                break;
                            }

                            Define(loop.Carried, loop.Next);
                        }

                        break;
                }
            }
        }

        /// <summary>A node's value now.</summary>
        public Scalar Value(Node root)
        {
            var values = new Dictionary<Node, Scalar>(ReferenceEqualityComparer.Instance);
            Span<Scalar> operands = stackalloc Scalar[3];
            foreach (var node in NodeOrder.Of([root]))
            {
                for (var i = 0; i < node.OperandCount; i++)
                {
                    operands[i] = values[node.Operand(i)];
                }

                values[node] = node switch
                {
                    VariableNode => variables[node],
                    UniformNode uniform => owner.uniforms[uniform.Index],
                    LengthNode length => owner.length(length.View, length.Dimension),
                    IndexNode index => index.Kind switch
                    {
                        IndexKind.Global => Global[index.Axis],
                        IndexKind.Extent => owner.extent[index.Axis],
                        IndexKind.Local => local[index.Axis],
                        IndexKind.Group => group[index.Axis],
                        _ => groups[index.Axis],
                    },
                    _ => ScalarEvaluator.Apply(node, operands),
                };
            }

            return values[root];
        }

        private void Define(IReadOnlyList<VariableNode> targets, IReadOnlyList<Node> sources)
        {
            Scalar[] values = [.. sources.Select(Value)];
            for (var i = 0; i < targets.Count; i++)
            {
                variables[targets[i]] = values[i];
            }
        }

        private long[] At(MemoryOperand operand, IReadOnlyList<Node> indices)
        {
            var at = new long[indices.Count];
            for (var d = 0; d < at.Length; d++)
            {
                at[d] = Value(indices[d]).Bits;
                var extent = operand is ViewOperand view ? owner.length(view, d) : ((SharedOperand)operand).Lengths[d];
                if ((ulong)at[d] >= (ulong)extent)
                {
                    throw Throw.KernelIndex(owner.program.Name, operand.Name, d, at[d], extent);
                }
            }

            return at;
        }

        private Scalar Load(MemoryOperand source, IReadOnlyList<Node> indices)
        {
            var at = At(source, indices);
            return source is ViewOperand view ? owner.load(view, at) : owner.shared[((SharedOperand)source).Index][Flat((SharedOperand)source, at)];
        }

        private void Store(MemoryOperand target, IReadOnlyList<Node> indices, Scalar value)
        {
            var at = At(target, indices);
            if (target is ViewOperand view)
            {
                owner.store(view, at, value);
            }
            else
            {
                owner.shared[((SharedOperand)target).Index][Flat((SharedOperand)target, at)] = Narrowed(value, target.Storage);
            }
        }

        /// <summary>What is read again of a value that memory of a type holds.</summary>
        private static Scalar Narrowed(Scalar value, StorageType storage) => storage switch
        {
            StorageType.Int8 => value with { Bits = (sbyte)value.Bits },
            StorageType.UInt8 => value with { Bits = (byte)value.Bits },
            StorageType.Int16 => value with { Bits = (short)value.Bits },
            StorageType.UInt16 => value with { Bits = (ushort)value.Bits },
            _ => value,
        };

        private static long Flat(SharedOperand operand, long[] at) =>
            at.Select((index, d) => index * operand.Lengths.Skip(d + 1).Aggregate(1, (count, length) => count * length)).Sum();

        private void Change(AtomicStatement atomic)
        {
            var old = Load(atomic.Target, atomic.Indices);
            var value = Value(atomic.Value);
            BinaryOperation? operation = atomic.Operation switch
            {
                AtomicOperation.Add => BinaryOperation.Add,
                AtomicOperation.Min => BinaryOperation.Min,
                AtomicOperation.Max => BinaryOperation.Max,
                AtomicOperation.And => BinaryOperation.And,
                AtomicOperation.Or => BinaryOperation.Or,
                AtomicOperation.Xor => BinaryOperation.Xor,
                _ => null,
            };
            if (operation is { } combine)
            {
                value = ScalarEvaluator.Apply(Node.Binary(combine, Node.Constant(old), Node.Constant(value)), [old, value]);
            }

            if (atomic.Operation != AtomicOperation.CompareExchange || Value(atomic.Comparand!).Bits == old.Bits)
            {
                Store(atomic.Target, atomic.Indices, value);
            }

            if (atomic.Old is { } asked)
            {
                variables[asked] = old;
            }
        }
    }
}
