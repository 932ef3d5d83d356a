namespace GatysGpu.Kernels.Devices;

/// <summary>A device that also offers pairs of <see cref="IDevice"/>'s operations as one, where the map between the two then need not
/// exist. Results are the same to the bit.</summary>
public interface IFusedDevice : IDevice
{
    /// <summary>Whether <see cref="Conv3x3PoolForward"/> and <see cref="PoolConv3x3BackwardInput"/> are there for maps of this size.</summary>
    /// <param name="height">H, before pooling.</param>
    /// <param name="width">W, before pooling.</param>
    bool FusesPooling(int height, int width);

    /// <summary>y = pool(ReLU(w ∗ x + b)).</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="weights">Filters and biases for C inputs and K outputs.</param>
    /// <param name="reluBits">Of the map before pooling, [K, H, W]; overwritten; or none.</param>
    /// <param name="y">[K, ⌊H/2⌋, ⌊W/2⌋]. Overwritten.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">As in <see cref="IDevice.PoolForward"/>.</param>
    /// <exception cref="InvalidOperationException">Not for maps of this size.</exception>
    void Conv3x3PoolForward(FeatureMap x, Conv3x3Weights weights, DeviceBytes reluBits, FeatureMap y, Pooling pooling, DeviceBytes switches);

    /// <summary>dX = r ⊙ (wᵀ ∗ (s ⊙ poolᵀ(dY)) [+ D·F] [+ dX]): the gradient through a pooling, the ReLU s before it and the convolution
    /// before that.</summary>
    /// <param name="dY">[K, ⌊H/2⌋, ⌊W/2⌋], gradient of what the pooling made.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">What the forward pass wrote; none for average pooling.</param>
    /// <param name="innerBits">s, the bits of the convolution's own ReLU.</param>
    /// <param name="weights">The weights of the forward pass.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first when <paramref name="accumulate"/>.</param>
    /// <param name="reluBits">r, the bits of x's ReLU; none leaves the mask out.</param>
    /// <param name="accumulate">Whether <paramref name="dX"/> already holds a loss gradient to add.</param>
    /// <param name="gram">A style loss's gradient to add, or none.</param>
    /// <exception cref="InvalidOperationException">Not for maps of this size.</exception>
    void PoolConv3x3BackwardInput(FeatureMap dY, Pooling pooling, DeviceBytes switches, DeviceBytes innerBits, Conv3x3Weights weights,
        FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm? gram);

    /// <summary>dF = r ⊙ (dF + D·F) for F = ReLU(w ∗ (image − mean) + b), which is computed again, some rows at a time.</summary>
    /// <param name="image">[3, H, W].</param>
    /// <param name="weights">From <see cref="IDevice.PrepareImageConv3x3"/>.</param>
    /// <param name="d">D, [K, K], symmetric.</param>
    /// <param name="dF">[K, H, W]. Changed in place.</param>
    /// <param name="reluBits">r.</param>
    void ImageGramBackward(DeviceImage image, Conv3x3Weights weights, DeviceVector d, FeatureMap dF, DeviceBytes reluBits);
}
