using System.Collections.Immutable;

namespace GatysGpu.Weights.Fetch;

/// <summary>A published file of weights: where it is and what is known of it.</summary>
/// <param name="Key">The short name by which a user asks for it.</param>
/// <param name="FileName">Its name.</param>
/// <param name="What">Which network it holds, in words.</param>
/// <param name="Bytes">Its length, or null where that is not known.</param>
/// <param name="Sha256">Its SHA-256 in lower-case digits, or as many of the first as are known, or null.</param>
/// <param name="Md5">Its MD5, or null.</param>
/// <param name="OnlyConvolutions">Whether it holds little else than what is needed; otherwise parts of it are downloaded.</param>
/// <param name="Mirrors">Addresses, tried in this order.</param>
public sealed record PublishedFile(string Key, string FileName, string What, long? Bytes, string? Sha256, string? Md5,
    bool OnlyConvolutions,
    ImmutableArray<Uri> Mirrors)
{
    /// <summary>The published files that this program can fetch, the most useful first.</summary>
    /// <remarks>Sizes and hashes are those that their publishers, or programs that use them, state; the addresses too. Hosts come
    /// and go: one that fails is passed over, and <see cref="FetchOptions.Mirrors"/> adds others.</remarks>
    public static ImmutableArray<PublishedFile> All { get; } =
    [
        new("keras", "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
            "Simonyan and Zisserman's VGG-19, convolutions only, for Keras",
            80_134_624, null, "253f8cb515780f3b799900260a226db6", true,
            [
                new("https://storage.googleapis.com/tensorflow/keras-applications/vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"),
                new("https://github.com/fchollet/deep-learning-models/releases/download/v0.1/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"),
            ]),
        new("caffe", "VGG_ILSVRC_19_layers.caffemodel", "Simonyan and Zisserman's VGG-19, the original",
            574_671_192, null, "b5c644beabd7cf06bdd9065cfd674c97", false,
            [new("https://www.robots.ox.ac.uk/~vgg/software/very_deep/caffe/VGG_ILSVRC_19_layers.caffemodel")]),
        new("johnson", "vgg19-d01eb7cb.pth", "Simonyan and Zisserman's VGG-19, converted by J. Johnson",
            null, "d01eb7cb", null, false, [new("https://web.eecs.umich.edu/~justincj/models/vgg19-d01eb7cb.pth")]),
        new("gatys", "vgg_conv.pth", "Simonyan and Zisserman's VGG-19, convolutions only, as used by L. Gatys",
            null, null, null, true, [new("https://huggingface.co/fdan/neural_style_transfer_vgg/resolve/main/vgg_conv.pth")]),
        new("torchvision", "vgg19-dcbb9e9d.pth", "torchvision's own training of VGG-19; other weights, other pictures",
            574_673_361, "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44", null, false,
            [new("https://download.pytorch.org/models/vgg19-dcbb9e9d.pth")]),
        new("timm", "model.safetensors", "torchvision's training of VGG-19, as safetensors",
            null, null, null, false, [new("https://huggingface.co/timm/vgg19.tv_in1k/resolve/main/model.safetensors")]),
    ];

    /// <summary>The file of that key, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists them.</exception>
    public static PublishedFile Find(string key) => All.FirstOrDefault(f => f.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"no published file is called '{key}', expected one of {string.Join(", ", All.Select(f => f.Key))}");

    /// <summary>The published file with these hashes, or null. Only hashes that are known whole count.</summary>
    /// <param name="bytes">A file's length.</param>
    /// <param name="sha256">Its SHA-256, in hexadecimal digits.</param>
    /// <param name="md5">Its MD5, or null if it was not computed.</param>
    public static PublishedFile? Identify(long bytes, string sha256, string? md5) => All.FirstOrDefault(f =>
        (f.Bytes is null || f.Bytes == bytes)
        && ((f.Sha256 is { Length: 64 } && f.Sha256.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            || (f.Md5 is not null && f.Md5.Equals(md5, StringComparison.OrdinalIgnoreCase))));
}
