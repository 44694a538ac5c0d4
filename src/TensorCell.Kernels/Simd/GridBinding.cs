using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>The arguments of one launch, checked: a view for each view of the program and a number for each uniform.</summary>
internal readonly ref struct GridBinding
{
    /// <summary>The most views that a program can have: four bits each say how one lies in memory.</summary>
    public const int MostViews = 32;

    /// <param name="program">The program.</param>
    /// <param name="arguments">What the launch gives.</param>
    /// <exception cref="ArgumentException">Arguments do not fit the program.</exception>
    public GridBinding(GridProgram program, ReadOnlySpan<KernelArgument> arguments)
    {
        Views = new KernelArgument[program.Views.Length];
        Uniforms = new Scalar[program.Uniforms.Length];
        var givenViews = program.Views.Length;
        while (givenViews > 0 && program.Views[givenViews - 1].Capture is not null)
        {
            givenViews--;
        }

        var givenUniforms = program.Uniforms.Length - program.Captures.Length;
        var (view, uniform) = (0, 0);
        foreach (var argument in arguments)
        {
            if (argument.Rank > 0)
            {
                if (view < givenViews)
                {
                    Views[view] = Checked(program, program.Views[view], argument);
                }

                view++;
            }
            else
            {
                if (uniform < givenUniforms)
                {
                    Uniforms[uniform] = Converted(program, uniform, argument.Value);
                }

                uniform++;
            }
        }

        if (view != givenViews || uniform != givenUniforms)
        {
            throw Throw.KernelArguments(program, givenViews, givenUniforms, view, uniform);
        }

        for (; view < program.Views.Length; view++)
        {
            Views[view] = Checked(program, program.Views[view], GivenCaptures.Read(program, program.Views[view]));
        }

        for (var i = 0; i < program.Captures.Length; i++)
        {
            Uniforms[givenUniforms + i] = program.Captures[i].Read();
        }
    }

    /// <summary>The views.</summary>
    public KernelArgument[] Views { get; }

    /// <summary>The numbers.</summary>
    public Scalar[] Uniforms { get; }

    /// <summary>Four bits for each view: the dimension along which neighbours follow one another in memory, plus one; 0 if there is none.</summary>
    public UInt128 UnitDimensions
    {
        get
        {
            UInt128 bits = 0;
            for (var i = Views.Length - 1; i >= 0; i--)
            {
                bits = (bits << 4) | (uint)(UnitDimension(Views[i]) + 1);
            }

            return bits;
        }
    }

    /// <summary>How many numbers <see cref="WriteFacts"/> writes.</summary>
    public int FactCount => 5 + (Views.Length * 4) + Uniforms.Length;

    /// <summary>All that code can depend on: extents, how views lie, how long they are, and what integers are given.</summary>
    public void WriteFacts(Span<long> facts, Extent extent)
    {
        var units = UnitDimensions;
        (facts[0], facts[1], facts[2], facts[3], facts[4]) = (extent.X, extent.Y, extent.Z, (long)(ulong)units, (long)(ulong)(units >> 64));
        for (var i = 0; i < Views.Length; i++)
        {
            for (var d = 0; d < 4; d++)
            {
                facts[5 + (4 * i) + d] = d < Views[i].Rank ? Views[i].Length(d) : 0;
            }
        }

        var numbers = facts[(5 + (4 * Views.Length))..];
        for (var i = 0; i < Uniforms.Length; i++)
        {
            numbers[i] = Uniforms[i].Type.IsFloatingPoint ? 0 : Uniforms[i].Bits;
        }
    }

    /// <summary>Bytes of all views, each element counted once.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (var view in Views)
            {
                long count = view.Storage.Size;
                for (var d = 0; d < view.Rank; d++)
                {
                    count *= view.Length(d);
                }

                bytes += count;
            }

            return bytes;
        }
    }

    /// <summary>Writes the launch block, but for the views' addresses.</summary>
    public unsafe void Fill(byte* block, GridLayout layout, GridProgram program, Extent extent, (int Low, int High) interior)
    {
        new Span<byte>(block, layout.LaunchBytes).Clear();
        (((int*)(block + GridLayout.Interior))[0], ((int*)(block + GridLayout.Interior))[1]) = interior;
        Span<int> extents = [extent.X, extent.Y, extent.Z];
        for (var axis = 0; axis < 3; axis++)
        {
            var group = program.GroupExtents.IsEmpty ? 1 : program.GroupExtents[axis];
            ((long*)(block + GridLayout.Extents))[axis] = extents[axis];
            ((long*)(block + GridLayout.GroupCounts))[axis] = (extents[axis] + (long)group - 1) / group;
        }

        for (var i = 0; i < Uniforms.Length; i++)
        {
            ((long*)(block + GridLayout.Uniforms))[i] = Uniforms[i].Bits;
        }

        for (var i = 0; i < Views.Length; i++)
        {
            var at = (long*)(block + layout.Views + (i * GridLayout.ViewBytes));
            var size = Views[i].Storage.Size;
            for (var d = 0; d < Views[i].Rank; d++)
            {
                at[(GridLayout.Lengths / sizeof(long)) + d] = Views[i].Length(d);
                at[(GridLayout.Strides / sizeof(long)) + d] = Views[i].Stride(d) * size;
            }

            at[GridLayout.ElementSize / sizeof(long)] = size;
        }
    }

    private static int UnitDimension(in KernelArgument view)
    {
        var single = -1;
        for (var d = view.Rank - 1; d >= 0; d--)
        {
            if (view.Stride(d) == 1)
            {
                if (view.Length(d) != 1)
                {
                    return d;
                }

                single = single < 0 ? d : single;
            }
        }

        return single;
    }

    private static KernelArgument Checked(GridProgram program, ViewOperand operand, in KernelArgument given) =>
        given.Rank != operand.Rank || given.Storage != operand.Storage ? throw Throw.KernelView(program.Name, operand, given) : given;

    /// <summary>A number as the type that the kernel has it in, by C#'s implicit conversions.</summary>
    private static Scalar Converted(GridProgram program, int index, Scalar given) => (given.Type, program.Uniforms[index]) switch
    {
        var (from, to) when from == to => given,
        (DType.Int32, DType.Int64) => given.Bits,
        (DType.Int32 or DType.Int64, DType.Float32) => (Scalar)(float)given.Bits,
        (DType.Int32 or DType.Int64, DType.Float64) => (Scalar)(double)given.Bits,
        (DType.Float32, DType.Float64) => (Scalar)(double)given.AsSingle,
        var (from, to) => throw Throw.KernelNumber(program.Name, index, from, to),
    };
}
