using System.Runtime.InteropServices;

namespace TensorCell.Inference.Onnx;

/// <summary>
/// ONNX Runtime's C interface. It is one table of function pointers whose order never changes, to which releases append (the struct
/// OrtApi of onnxruntime_c_api.h); so functions are taken by their place in it. A function returns null, or a status that tells the error.
/// </summary>
internal sealed unsafe class OnnxApi
{
    // Every function used was there in version 1.12; 1.14 is what this is known to run with.
    private const uint Version = 14;

    // Failures are told by status, so the library need not write them to stderr as well.
    private const int OnlyFatalMessages = 4;

    private const int DeviceAllocator = 0;
    private const int DefaultMemory = 0;

    private static readonly Lock gate = new();
    private static OnnxApi? instance;

    private readonly nint* functions;

    private OnnxApi(nint* functions, string libraryVersion, string place)
    {
        this.functions = functions;
        LibraryVersion = libraryVersion;
        Place = place;
        fixed (byte* name = "TensorCell"u8)
        {
            nint environment;
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)functions[3])(OnlyFatalMessages, name, &environment));
            Environment = environment;
            nint memory;
            Check(((delegate* unmanaged<int, int, nint*, nint>)functions[69])(DeviceAllocator, DefaultMemory, &memory));
            CpuMemory = memory;
            nint allocator;
            Check(((delegate* unmanaged<nint*, nint>)functions[78])(&allocator));
            Allocator = allocator;
        }

        // Only builds for Windows have telemetry.
        Release(((delegate* unmanaged<nint, nint>)functions[6])(Environment));
    }

    /// <summary>The interface, loaded on first use.</summary>
    /// <exception cref="OnnxRuntimeMissingException">The library is missing or too old.</exception>
    public static OnnxApi Instance
    {
        get
        {
            if (Volatile.Read(ref instance) is { } loaded)
            {
                return loaded;
            }

            lock (gate)
            {
                return instance ??= Load();
            }
        }
    }

    /// <summary>The library's version, such as <c>1.30.0</c>.</summary>
    public string LibraryVersion { get; }

    /// <summary>The file it was loaded from.</summary>
    public string Place { get; }

    /// <summary>What all sessions share; it lives as long as the process.</summary>
    public nint Environment { get; }

    /// <summary>Describes memory of the processor.</summary>
    public nint CpuMemory { get; }

    /// <summary>Frees what the library allocates.</summary>
    public nint Allocator { get; }

    public delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> Run =>
        (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)functions[9];

    public delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithData =>
        (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)functions[49];

    public delegate* unmanaged<nint, nint> SetTerminate => (delegate* unmanaged<nint, nint>)functions[46];

    public delegate* unmanaged<nint, nint> UnsetTerminate => (delegate* unmanaged<nint, nint>)functions[47];

    /// <summary>Names of the execution providers in the library, as it spells them.</summary>
    public string[] AvailableProviders()
    {
        byte** names;
        int count;
        Check(((delegate* unmanaged<byte***, int*, nint>)functions[125])(&names, &count));
        string[] providers = new string[count];
        for (int index = 0; index < count; index++)
        {
            providers[index] = Text(names[index]);
        }

        Release(((delegate* unmanaged<byte**, int, nint>)functions[126])(names, count));
        return providers;
    }

    public nint CreateSessionOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)functions[10])(&options));
        return options;
    }

    public void FreeSession(nint session) => ((delegate* unmanaged<nint, void>)functions[95])(session);

    public void FreeValue(nint value) => ((delegate* unmanaged<nint, void>)functions[96])(value);

    public void FreeRunOptions(nint options) => ((delegate* unmanaged<nint, void>)functions[97])(options);

    public void FreeSessionOptions(nint options) => ((delegate* unmanaged<nint, void>)functions[100])(options);

    public nint CreateRunOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)functions[39])(&options));
        return options;
    }

    public void SetMemoryArena(nint options, bool isOn) => Check(((delegate* unmanaged<nint, nint>)functions[isOn ? 18 : 19])(options));

    public void SetOptimization(nint options, int level) => Check(((delegate* unmanaged<nint, int, nint>)functions[23])(options, level));

    public void SetThreads(nint options, int withinNode, int betweenNodes)
    {
        Check(((delegate* unmanaged<nint, int, nint>)functions[24])(options, withinNode));
        Check(((delegate* unmanaged<nint, int, nint>)functions[25])(options, betweenNodes));
    }

    public void SetEntry(nint options, string key, string value)
    {
        using NativeText nativeKey = new(key);
        using NativeText nativeValue = new(value);
        Check(((delegate* unmanaged<nint, byte*, byte*, nint>)functions[130])(options, nativeKey.Address, nativeValue.Address));
    }

    /// <summary>Adds the provider for NVIDIA's GPUs, which has options of a kind of its own.</summary>
    public void AddCuda(nint options)
    {
        nint cuda;
        Check(((delegate* unmanaged<nint*, nint>)functions[205])(&cuda));
        try
        {
            Check(((delegate* unmanaged<nint, nint, nint>)functions[204])(options, cuda));
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)functions[208])(cuda);
        }
    }

    /// <summary>Adds another provider.</summary>
    public void AddProvider(nint options, string name)
    {
        using NativeText native = new(name);
        Check(((delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint>)functions[216])(options, native.Address, null, null, 0));
    }

    public nint CreateSession(string path, nint options)
    {
        nint session;
        using NativeText native = new(path, isWide: OperatingSystem.IsWindows());
        Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)functions[7])(Environment, native.Address, options, &session));
        return session;
    }

    public nint CreateSession(ReadOnlySpan<byte> model, nint options)
    {
        nint session;
        fixed (byte* bytes = model)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)functions[8])(Environment, bytes, (nuint)model.Length, options, &session));
        }

        return session;
    }

    /// <summary>The session's inputs, or its outputs.</summary>
    public OnnxValueInfo[] Values(nint session, bool isInput)
    {
        nuint count;
        Check(((delegate* unmanaged<nint, nuint*, nint>)functions[isInput ? 30 : 31])(session, &count));
        OnnxValueInfo[] values = new OnnxValueInfo[(int)count];
        for (nuint index = 0; index < count; index++)
        {
            byte* name;
            Check(((delegate* unmanaged<nint, nuint, nint, byte**, nint>)functions[isInput ? 36 : 37])(session, index, Allocator, &name));
            nint type;
            Check(((delegate* unmanaged<nint, nuint, nint*, nint>)functions[isInput ? 33 : 34])(session, index, &type));
            values[index] = Describe(Text(name), type);
            Release(((delegate* unmanaged<nint, void*, nint>)functions[76])(Allocator, name));
            ((delegate* unmanaged<nint, void>)functions[98])(type);
        }

        return values;
    }

    /// <summary>Where a tensor's elements are, their type and the lengths of its axes.</summary>
    public void Inspect(nint value, out nint address, out int type, out long[] lengths)
    {
        void* data;
        Check(((delegate* unmanaged<nint, void**, nint>)functions[51])(value, &data));
        address = (nint)data;
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)functions[65])(value, &info));
        try
        {
            Shape(info, out type, out lengths);
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)functions[99])(info);
        }
    }

    /// <summary>Throws the error that a status tells, if it is one.</summary>
    /// <exception cref="OnnxStatusException">The status is an error.</exception>
    public void Check(nint status)
    {
        if (status != 0)
        {
            throw Error(status);
        }
    }

    /// <summary>The error that a status tells; the status is released.</summary>
    public OnnxStatusException Error(nint status)
    {
        int code = ((delegate* unmanaged<nint, int>)functions[1])(status);
        string message = Text(((delegate* unmanaged<nint, byte*>)functions[2])(status));
        Release(status);
        return new OnnxStatusException((OnnxStatus)code, message);
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static OnnxApi Load()
    {
        nint library = OnnxLibrary.Load(out string place);
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
        {
            return Throw.OnnxRuntimeMissing<OnnxApi>($"{place} is not ONNX Runtime's library: it has no OrtGetApiBase");
        }

        nint* apiBase = (nint*)((delegate* unmanaged<nint>)entry)();
        string version = Text(((delegate* unmanaged<byte*>)apiBase[1])());
        nint* functions = (nint*)((delegate* unmanaged<uint, nint>)apiBase[0])(Version);
        return functions is null
            ? Throw.OnnxRuntimeMissing<OnnxApi>($"{place} is ONNX Runtime {version}; version 1.{Version} or later is needed")
            : new OnnxApi(functions, version, place);
    }

    private OnnxValueInfo Describe(string name, nint type)
    {
        nint tensor;
        Check(((delegate* unmanaged<nint, nint*, nint>)functions[55])(type, &tensor));
        if (tensor == 0)
        {
            int kind;
            Check(((delegate* unmanaged<nint, int*, nint>)functions[56])(type, &kind));
            return new OnnxValueInfo(name, kind switch { 2 => "sequence", 3 => "map", 5 => "sparse tensor", 6 => "optional", _ => "opaque value" }, null, null);
        }

        Shape(tensor, out int element, out long[] lengths);
        nint* symbols = stackalloc nint[lengths.Length + 1];
        Check(((delegate* unmanaged<nint, byte**, nuint, nint>)functions[63])(tensor, (byte**)symbols, (nuint)lengths.Length));
        OnnxDimension[] dimensions = new OnnxDimension[lengths.Length];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            dimensions[axis] = lengths[axis] >= 0 ? lengths[axis] : Text((byte*)symbols[axis]);
        }

        return new OnnxValueInfo(name, ElementTypes.Name(element), ElementTypes.DTypeOf(element), dimensions);
    }

    private void Shape(nint info, out int type, out long[] lengths)
    {
        int element;
        Check(((delegate* unmanaged<nint, int*, nint>)functions[60])(info, &element));
        nuint rank;
        Check(((delegate* unmanaged<nint, nuint*, nint>)functions[61])(info, &rank));
        type = element;
        lengths = new long[(int)rank];
        fixed (long* first = lengths)
        {
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)functions[62])(info, first, rank));
        }
    }

    private void Release(nint status)
    {
        if (status != 0)
        {
            ((delegate* unmanaged<nint, void>)functions[93])(status);
        }
    }
}
