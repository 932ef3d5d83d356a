using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GatysGpu.Weights.Recognition;

/// <summary>SHA-256 of the published VGG-19's layers, as far as they are known to this program.</summary>
/// <remarks>Each is of the filters [K, C, 3, 3], conv1_1's channels in the order B, G, R, followed by the biases, all float32,
/// little-endian. Computed from the weights as published for TensorFlow.js; the layers from conv4_1 on were not at
/// hand.</remarks>
internal static class PublishedHashes
{
    private static readonly string[] Known =
    [
        "dd5c6eb7091a84de1e7c43f3bdba195a4e7652075a262a6168a36bd359c277e6", // conv1_1
        "93eb5ae2ee741f6171ba61522bb8b6dab0b424332a5dfee1ed7f5083b9515361", // conv1_2
        "59893f1f9fe1083928939aa1818ec34fc151d8bfaf1c8b2efa12102fd228bfd1", // conv2_1
        "93f3878961f14881aab6c76e23a62c0b3945a40b75de2dd61853dfb98800f74f", // conv2_2
        "a71094a6fa3a93360fb4454cb18b121267dabff49d5ae9ed1bdeedc6554ad3d5", // conv3_1
        "a9d72dd626a6b334ef701e342e8832165367eed95b55db675e157e185def340c", // conv3_2
        "3cc34b25f5dce47f88c984042310469253709ae7f6a776582bf5cd7b8dca0eeb", // conv3_3
        "bb839d4c2b158630c88a7616585ce0964ff7fd5cced9e0eb647c3d010a116a95", // conv3_4
    ];

    /// <summary>How many layers are known.</summary>
    public static int Count => Known.Length;

    /// <summary>Whether a layer's numbers are the published ones, to the last bit.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its place in <see cref="Vgg19.LayerNames"/>, below <see cref="Count"/>.</param>
    /// <param name="order">Channel order of its input, where it is conv1_1.</param>
    public static bool Matches(WeightLayer layer, int index, ChannelOrder order)
    {
        if (layer.K != Vgg19.Widths[index]) return false;
        float[] values = new float[layer.K * layer.C * WeightLayer.Taps + layer.K];
        Span<float> filters = values.AsSpan(0, layer.K * layer.C * WeightLayer.Taps);
        layer.CopyFilters(filters);
        layer.CopyBiases(values.AsSpan(filters.Length));
        if (index == 0 && order == ChannelOrder.Rgb) SwapChannels(filters);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()))) == Known[index];
    }

    // Exchanges the first and the last of three channels.
    private static void SwapChannels(Span<float> filters)
    {
        for (int k = 0; k < filters.Length / (3 * WeightLayer.Taps); k++)
            for (int tap = 0; tap < WeightLayer.Taps; tap++)
            {
                int first = k * 3 * WeightLayer.Taps + tap;
                (filters[first], filters[first + 18]) = (filters[first + 18], filters[first]);
            }
    }
}
