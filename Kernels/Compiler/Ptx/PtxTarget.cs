using System.Globalization;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>The architecture that a PTX text is for. A device takes the text of its own architecture and of any older
/// one.</summary>
/// <param name="Major">Compute capability before the dot.</param>
/// <param name="Minor">Compute capability behind the dot.</param>
public readonly record struct PtxTarget(int Major, int Minor)
{
    /// <summary>Volta: the oldest.</summary>
    public static PtxTarget Sm70 { get; } = new(7, 0);

    /// <summary>Turing.</summary>
    public static PtxTarget Sm75 { get; } = new(7, 5);

    /// <summary>Ampere, the large chip: the first with TF32 and asynchronous copies.</summary>
    public static PtxTarget Sm80 { get; } = new(8, 0);

    /// <summary>Ampere, the smaller chips.</summary>
    public static PtxTarget Sm86 { get; } = new(8, 6);

    /// <summary>Ada.</summary>
    public static PtxTarget Sm89 { get; } = new(8, 9);

    /// <summary>Hopper: the newest that PTX 7.8 names.</summary>
    public static PtxTarget Sm90 { get; } = new(9, 0);

    /// <summary>Those named above, oldest first.</summary>
    public static IReadOnlyList<PtxTarget> All { get; } = [Sm70, Sm75, Sm80, Sm86, Sm89, Sm90];

    /// <summary>Whether there are TF32 tensor cores and asynchronous copies.</summary>
    public bool IsAmpere => Major >= 8;

    /// <summary>The newest of <see cref="All"/> that a device of this compute capability takes; none below 7.0.</summary>
    public static PtxTarget? ForDevice(int major, int minor)
    {
        foreach (PtxTarget target in All.Reverse())
            if ((target.Major, target.Minor).CompareTo((major, minor)) <= 0) return target;
        return null;
    }

    /// <summary>The target with this name, such as <c>sm_80</c>; none where it is not among <see cref="All"/>.</summary>
    public static PtxTarget? Parse(string name)
    {
        foreach (PtxTarget target in All)
            if (target.ToString() == name) return target;
        return null;
    }

    /// <summary>Such as <c>sm_80</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"sm_{Major}{Minor}");
}
