using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Bench;

/// <summary>The inner kernels on data of the sizes that a layer gives them, on one thread, at the processor's widest vectors.</summary>
internal abstract unsafe class KernelSet : IDisposable
{
    public const int Tiles = 48, Positions = 128 * 128;

    /// <summary>The kernels at the widest vectors.</summary>
    /// <param name="channels">A multiple of 64.</param>
    public static KernelSet Widest(int channels) => HostDevice.WidestSupported switch
    {
        SimdWidth.Bits512 => new Of<Simd512, Vector512<float>>(channels),
        SimdWidth.Bits256 => new Of<Simd256, Vector256<float>>(channels),
        _ => new Of<Simd128, Vector128<float>>(channels),
    };

    /// <summary>One point of F(4×4): <see cref="Tiles"/> tiles by all channels, times one group of outputs' filters.</summary>
    public abstract void Multiply();

    /// <summary>V = Bᵀ d B of one tile of every block of channels.</summary>
    public abstract void Input<TTile>() where TTile : unmanaged, IWinogradTile;

    /// <summary>Y = Aᵀ M A of the same.</summary>
    public abstract void Output<TTile>() where TTile : unmanaged, IWinogradTile;

    /// <summary>U = G g Gᵀ of a layer of as many outputs as inputs.</summary>
    public abstract void Filters<TTile>() where TTile : unmanaged, IWinogradTile;

    /// <summary>G = F·Fᵀ/M of <see cref="Positions"/> positions.</summary>
    public abstract void Gram();

    /// <summary>Channels of a vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>Outputs of <see cref="Multiply"/>.</summary>
    public abstract int Columns { get; }

    public abstract void Dispose();

    private sealed class Of<TSimd, TVector> : KernelSet where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        private readonly int channels, blocks;
        private readonly WorkerPool pool = new(1);
        private readonly HostMemory a, b, y, map, gram, scratch, packed;
        private readonly float[] filters;

        public Of(int channels)
        {
            (this.channels, blocks) = (channels, channels / TSimd.Lanes);
            a = Filled((long)channels * Math.Max(Tiles, 36));
            b = Filled((long)channels * Columns);
            y = Filled((long)Math.Max(channels, Columns) * Math.Max(Tiles, 36));
            map = Filled(BlockedMap.Vectors(blocks, Positions) * TSimd.Lanes);
            gram = new HostMemory((long)channels * channels * sizeof(float));
            scratch = new HostMemory(GramProduct<TSimd, TVector>.ScratchBytes(blocks, Positions));
            packed = new HostMemory(Conv3x3Packing.Length(channels, channels, TSimd.Lanes, Winograd4x4.Points) * sizeof(float));
            filters = new float[9 * channels * channels];
            for (int i = 0; i < filters.Length; i++) filters[i] = i % 7 - 3;
        }

        public override int Lanes => TSimd.Lanes;

        public override int Columns => RegisterTile.Vectors(blocks, TSimd.Lanes) * TSimd.Lanes;

        public override void Multiply() => RegisterTile<TSimd, TVector>.Multiply((float*)a.Start, Tiles * TSimd.Lanes, blocks, (float*)b.Start,
            RegisterTile.Vectors(blocks, TSimd.Lanes), (float*)y.Start, Tiles * TSimd.Lanes, Tiles, accumulate: false);

        public override void Input<TTile>()
        {
            float* temporary = (float*)scratch.Start, from = (float*)a.Start, to = (float*)y.Start;
            for (int block = 0; block < blocks; block++)
                WinogradTransforms<TTile, TSimd, TVector>.Input(from + block * TTile.Points * TSimd.Lanes, TTile.Inputs * TSimd.Lanes, temporary,
                    to + block * TSimd.Lanes, channels);
        }

        public override void Output<TTile>()
        {
            float* temporary = (float*)scratch.Start, from = (float*)a.Start, to = (float*)y.Start;
            for (int block = 0; block < blocks; block++)
                WinogradTransforms<TTile, TSimd, TVector>.Output(from + block * TSimd.Lanes, channels, temporary, to);
        }

        public override void Filters<TTile>()
        {
            fixed (float* w = filters)
                Conv3x3Packing<TSimd, TVector>.Winograd<TTile>(pool, new Conv3x3Filters(w, channels, channels, transposed: false), (float*)packed.Start);
        }

        public override void Gram() => GramProduct<TSimd, TVector>.Run(pool, new BlockedMap((float*)map.Start, blocks, 128, 128), channels,
            (float*)gram.Start, scratch.Start);

        public override void Dispose()
        {
            pool.Dispose();
            foreach (HostMemory memory in new[] { a, b, y, map, gram, scratch, packed }) memory.Dispose();
        }

        private static HostMemory Filled(long floats)
        {
            HostMemory memory = new(floats * sizeof(float));
            Span<float> values = new(memory.Start, (int)floats);
            for (int i = 0; i < values.Length; i++) values[i] = i % 5 - 2;
            return memory;
        }
    }
}
