using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Kernels.Gpu;

/// <summary>Every kernel of the project by name: what 'gatys kernels' lists, shows and checks, and what the tests
/// assemble.</summary>
/// <remarks>The other files of this class hold the entries, one area each.</remarks>
public static partial class KernelCatalog
{
    /// <summary>All, by area.</summary>
    public static IReadOnlyList<CatalogKernel> All { get; } =
        [.. Convolutions(), .. Images(), .. Products(), .. Pooling(), .. Losses(), .. Vectors()];

    /// <summary>The kernel with this name, in any case of letters.</summary>
    /// <returns>None where there is none.</returns>
    public static CatalogKernel? Find(string name) =>
        All.FirstOrDefault(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A kernel that devices launch, whose specialised parameters, in order, take each of these sets of
    /// values.</summary>
    private static CatalogKernel Entry(Delegate kernel, int threads, Action<KernelExample> example, params int[][] variants) =>
        Entry(kernel, threads, example, GpuPrecision.Fp32, variants);

    /// <summary>The same for a device of one precision.</summary>
    private static CatalogKernel Entry(Delegate kernel, int threads, Action<KernelExample> example, GpuPrecision precision,
        params int[][] variants)
    {
        int[] specialized =
            [.. kernel.Method.GetParameters().Where(p => p.ParameterType == typeof(SpecializedValue<int>))
                .Select(p => p.Position)];
        IEnumerable<IReadOnlyDictionary<int, object>> sets = (variants.Length == 0 ? [[]] : variants)
            .Select(values => specialized.Zip(values).ToDictionary(pair => pair.First, pair => (object)pair.Second));
        return new CatalogKernel(kernel.Method, threads, production: true, [.. sets], precision, example);
    }

    /// <summary>A kernel that no device launches, without specialised parameters.</summary>
    private static CatalogKernel Rung(Delegate kernel, int threads, Action<KernelExample> example) =>
        new(kernel.Method, threads, production: false, [new Dictionary<int, object>()], GpuPrecision.Fp32, example);

    /// <summary>Every combination of 0 and 1 for so many parameters.</summary>
    private static int[][] Flags(int count) =>
        [.. Enumerable.Range(0, 1 << count).Select(bits => Enumerable.Range(0, count).Select(i => bits >> i & 1).ToArray())];
}
