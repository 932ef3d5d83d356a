namespace GatysGpu.Kernels.Devices;

/// <summary>A style loss's gradient at one layer, D·F, not computed yet: what comes next adds it where that costs least.</summary>
/// <param name="D">D, [C, C], symmetric; see <see cref="IDevice.GramLoss"/>.</param>
/// <param name="F">F, [C, M].</param>
public readonly record struct GramTerm(DeviceVector D, FeatureMap F);
