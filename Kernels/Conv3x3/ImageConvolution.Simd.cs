using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>conv1_1: a 3×3 convolution from the three planes of a picture to blocked channels, and back.</summary>
/// <remarks>
/// <para>Both directions are products of <see cref="RegisterTile{TSimd,TVector}"/> over the 27 values under a filter, index
/// q = (c·3 + r)·3 + s, filled up to whole blocks with zeros.</para>
/// <para>Forward: the patches of a row are laid out as [27/L, W, L] and multiplied by the filters. Backward: a row of dY times the filters
/// gives each position's 27 contributions, which are then added to the pixels they belong to; a strip of rows at a time, with
/// the rows above and below computed twice, so that no two threads write the same pixel.</para>
/// </remarks>
internal static unsafe class ImageConvolution<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Values under a filter: 3 channels, 3×3 taps.</summary>
    public const int Taps = 27;

    private const int StripRows = 8;

    private static int TapBlocks => (Taps + TSimd.Lanes - 1) / TSimd.Lanes;

    private static int TapVectors => RegisterTile.Vectors(TapBlocks, TSimd.Lanes);

    private static int TapGroups => RegisterTile.Groups(TapBlocks, TSimd.Lanes);

    /// <summary>Blocks of a position's contributions on the way back, those that fill the last group up included.</summary>
    private static int ContributionBlocks => TapVectors * TapGroups;

    /// <summary>Bytes of scratch memory one worker needs, for either direction.</summary>
    public static long ScratchBytes(int outputBlocks, int width)
    {
        long forward = (TapBlocks + RegisterTile.Vectors(outputBlocks, TSimd.Lanes)) * RowFloats(width);
        long backward = (StripRows + 2) * (long)ContributionBlocks * RowFloats(width) + width + 2;
        return Math.Max(forward, backward) * sizeof(float);
    }

    /// <summary>Filters for <see cref="Forward"/>: [groups of K, 27/L, L, V·L].</summary>
    public static float[] PackForward(ReadOnlySpan<float> filters, int outputs)
    {
        int blocks = Conv3x3Packing.Blocks(outputs, TSimd.Lanes), width = RegisterTile.Vectors(blocks, TSimd.Lanes) * TSimd.Lanes;
        float[] packed = new float[RegisterTile.Groups(blocks, TSimd.Lanes) * TapBlocks * TSimd.Lanes * width];
        for (int k = 0; k < outputs; k++)
            for (int q = 0; q < Taps; q++)
                packed[(k / width * TapBlocks * TSimd.Lanes + q) * width + k % width] = filters[k * Taps + q];
        return packed;
    }

    /// <summary>Filters for <see cref="Backward"/>: [groups of 27, K/L, L, V·L].</summary>
    public static float[] PackBackward(ReadOnlySpan<float> filters, int outputs)
    {
        int width = TapVectors * TSimd.Lanes, channels = Conv3x3Packing.Blocks(outputs, TSimd.Lanes) * TSimd.Lanes;
        float[] packed = new float[TapGroups * channels * width];
        for (int k = 0; k < outputs; k++)
            for (int q = 0; q < Taps; q++)
                packed[(q / width * channels + k) * width + q % width] = filters[k * Taps + q];
        return packed;
    }

    /// <summary>y = ReLU(w ∗ (image − mean) + b).</summary>
    public struct Forward : IJob
    {
        public float* Image;

        /// <summary>R, G, B; padding by zero means this colour.</summary>
        public fixed float Mean[3];
        public float* Filters;
        public Padding Padding;

        /// <summary>Rows of the image.</summary>
        public int Height;
        public ForwardEpilogue<TSimd, TVector> Epilogue;
        public byte* Scratch;
        public long ScratchBytes;

        /// <summary>One row.</summary>
        public void Run(int item, int worker) => Row(item, worker, Epilogue, item);

        /// <summary>Row <paramref name="item"/> of the result, into row <paramref name="target"/> of the epilogue's map.</summary>
        public void Row(int item, int worker, in ForwardEpilogue<TSimd, TVector> epilogue, int target)
        {
            BlockedMap map = epilogue.Y;
            nint rowFloats = RowFloats(map.Width);
            float* patches = (float*)(Scratch + worker * ScratchBytes), sums = patches + TapBlocks * rowFloats;
            for (int q = 0; q < TapBlocks * TSimd.Lanes; q++)
                GatherTap(q, item, map.Width, patches + q / TSimd.Lanes * rowFloats + q % TSimd.Lanes);
            int positions = RegisterTile.Padded(map.Width), vectors = RegisterTile.Vectors(map.Blocks, TSimd.Lanes);
            for (int block = 0; block < map.Blocks; block += vectors)
            {
                float* filters = Filters + block * (nint)TapBlocks * TSimd.Lanes * TSimd.Lanes;
                RegisterTile<TSimd, TVector>.Multiply(patches, rowFloats, TapBlocks, filters, vectors, sums, rowFloats, positions,
                    accumulate: false);
                for (int b = block; b < Math.Min(block + vectors, map.Blocks); b++)
                    epilogue.Store(b, target, 0, 1, map.Width, sums + (b - block) * rowFloats, 0);
            }
        }

        /// <summary>Lane q of every position's patch: one tap of one colour along the row.</summary>
        private void GatherTap(int q, int row, int width, float* patches)
        {
            int height = Height, c = q / 9, s = q % 3;
            int y = row + q / 3 % 3 - 1;
            bool reflect = Padding == Padding.Reflect;
            if (reflect) y = Mirror.Index(y, height);
            bool outside = q >= Taps || y < 0 || y >= height;
            float* line = Image + ((nint)c * height + y) * width;
            for (int x = 0; x < width; x++)
            {
                int column = x + s - 1;
                if (reflect) column = Mirror.Index(column, width);
                patches[x * TSimd.Lanes] = outside || column < 0 || column >= width ? 0 : line[column] - Mean[c];
            }
        }
    }

    /// <summary>dImage (+)= wᵀ ∗ dY.</summary>
    public struct Backward : IJob
    {
        public BlockedMap DY;
        public float* Filters;
        public Padding Padding;
        public float* DImage;
        public bool Accumulate;
        public byte* Scratch;
        public long ScratchBytes;

        /// <summary>Strips of rows of an image of this height.</summary>
        public static int Strips(int height) => (height + StripRows - 1) / StripRows;

        /// <summary>One strip.</summary>
        public readonly void Run(int item, int worker)
        {
            int first = item * StripRows, end = Math.Min(first + StripRows, DY.Height);
            int low = Math.Max(first - 1, 0), high = Math.Min(end + 1, DY.Height);
            nint rowFloats = RowFloats(DY.Width);
            float* contributions = (float*)(Scratch + worker * ScratchBytes);
            float* line = contributions + (StripRows + 2) * ContributionBlocks * rowFloats + 1;
            int positions = RegisterTile.Padded(DY.Width);
            for (int y = low; y < high; y++) Contribute(y, positions, contributions + (y - low) * ContributionBlocks * rowFloats);
            for (int y = first; y < end; y++)
                for (int c = 0; c < 3; c++)
                {
                    new Span<float>(line - 1, DY.Width + 2).Clear();
                    AddRows(y, c, low, contributions, line);
                    if (Padding == Padding.Reflect)
                    {
                        if (Mirror.Index(-1, DY.Height) == y) AddRows(-1, c, low, contributions, line);
                        if (Mirror.Index(DY.Height, DY.Height) == y) AddRows(DY.Height, c, low, contributions, line);
                        line[Mirror.Index(-1, DY.Width)] += line[-1];
                        line[Mirror.Index(DY.Width, DY.Width)] += line[DY.Width];
                    }
                    float* pixels = DImage + ((nint)c * DY.Height + y) * DY.Width;
                    for (int x = 0; x < DY.Width; x++) pixels[x] = Accumulate ? pixels[x] + line[x] : line[x];
                }
        }

        /// <summary>[V·groups, W, L]: the 27 contributions of every position of a row of dY.</summary>
        private readonly void Contribute(int y, int positions, float* contributions)
        {
            nint rowFloats = RowFloats(DY.Width), panel = DY.Step * TSimd.Lanes;
            float* row = DY.At<TSimd, TVector>(0, y, 0);
            for (int group = 0; group < TapGroups; group++)
            {
                float* filters = Filters + (nint)group * DY.Blocks * TSimd.Lanes * TapVectors * TSimd.Lanes;
                float* to = contributions + group * TapVectors * rowFloats;
                RegisterTile<TSimd, TVector>.Multiply(row, panel, DY.Blocks, filters, TapVectors, to, rowFloats, positions,
                    accumulate: false);
            }
        }

        /// <summary>line[x−1+s] += contribution (c, r, s) of position (source, x), for the rows whose tap r falls on
        /// <paramref name="target"/>, a row of the padded image.</summary>
        private readonly void AddRows(int target, int c, int low, float* contributions, float* line)
        {
            nint rowFloats = RowFloats(DY.Width);
            for (int r = 0; r < 3; r++)
            {
                int source = target + 1 - r;
                if (source < 0 || source >= DY.Height) continue;
                for (int s = 0; s < 3; s++)
                {
                    int q = (c * 3 + r) * 3 + s;
                    int block = (source - low) * ContributionBlocks + q / TSimd.Lanes;
                    float* from = contributions + block * rowFloats + q % TSimd.Lanes;
                    float* to = line + s - 1;
                    for (int x = 0; x < DY.Width; x++) to[x] += from[x * TSimd.Lanes];
                }
            }
        }
    }

    private static nint RowFloats(int width) => ((nint)width + RegisterTile.RowStep) * TSimd.Lanes;
}
