using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <content>What a launch and a group begin with.</content>
internal sealed unsafe partial class GroupRun
{
    private const int FrameAlignment = 64;

    private readonly SimtMemory memory;
    private readonly byte* shared;
    private readonly ShadowCell* sharedCells;
    private readonly int sharedBytes;
    private readonly long* addresses;
    private readonly AccessPattern* patterns;
    private uint firstGroupStamp;
    private Index3D place;

    /// <summary>Prepares everything that is the same for all groups, in pinned memory that one launch leaves to the
    /// next.</summary>
    internal GroupRun(SimtProgram program, SimtMemory memory, SimtOptions options, ReadOnlySpan<byte> arguments, Index3D grid,
        Index3D group, int dynamicSharedBytes, ref byte[] arena)
    {
        (Program, this.memory, this.options, this.grid, this.group) = (program, memory, options, grid, group);
        Kernel kernel = program.Kernel;
        blockWarps = new long[kernel.Blocks.Count];
        blockThreads = new long[kernel.Blocks.Count];
        sharedBytes = SharedBytes(kernel, dynamicSharedBytes);
        int threads = (int)group.LongSize;
        warps = [.. Enumerable.Range(0, (threads + 31) / 32).Select(i => new WarpState(i))];

        int patternCount = program.PatternSteps.Length * AccessPattern.Ways;
        int localBytes = program.LocalBytes * 32, cells = (sharedBytes >> program.SharedCellShift) + 1;
        long bytes = Align(32 * sizeof(long)) + Align(patternCount * sizeof(AccessPattern)) + Align(sharedBytes)
            + Align(cells * sizeof(ShadowCell)) + FrameAlignment
            + warps.LongLength * (Align(program.FrameBytes) + 2 * Align(localBytes));
        if (arena.LongLength < bytes) arena = GC.AllocateArray<byte>(checked((int)bytes), pinned: true);
        byte* next = (byte*)Align((long)Unsafe.AsPointer(ref arena[0]));
        addresses = (long*)Take(ref next, 32 * sizeof(long));
        patterns = (AccessPattern*)Take(ref next, patternCount * sizeof(AccessPattern));
        for (int i = 0; i < patternCount; i++) patterns[i].Forget();
        shared = Take(ref next, sharedBytes);
        sharedCells = (ShadowCell*)Take(ref next, cells * sizeof(ShadowCell));
        foreach (WarpState warp in warps)
        {
            warp.Frame = Take(ref next, program.FrameBytes);
            warp.Local = Take(ref next, localBytes);
            warp.LocalWritten = Take(ref next, localBytes);
            foreach (FixedRow row in program.FixedRows) Fill(warp, in row, arguments, dynamicSharedBytes);
        }
    }

    /// <summary>Bytes of a group's shared memory.</summary>
    internal static int SharedBytes(Kernel kernel, int dynamicSharedBytes)
    {
        int bytes = kernel.StaticSharedBytes;
        foreach (MemoryArray array in kernel.Arrays)
            if (array.Dynamic) bytes = Math.Max(bytes, kernel.OffsetOf(array) + dynamicSharedBytes);
        return bytes;
    }

    private static long Align(long bytes) => (bytes + FrameAlignment - 1) / FrameAlignment * FrameAlignment;

    private static byte* Take(ref byte* next, long bytes)
    {
        byte* taken = next;
        next += Align(bytes);
        return taken;
    }

    private void BeginGroup(Index3D at)
    {
        place = at;
        epoch++;
        new Span<ShadowCell>(sharedCells, (sharedBytes >> Program.SharedCellShift) + 1).Clear();
        int threads = (int)group.LongSize;
        foreach (WarpState warp in warps)
        {
            int lanes = Math.Min(threads - 32 * warp.Index, 32);
            warp.Reset(lanes == 32 ? LaneMask.All : (1u << lanes) - 1, options.InstructionsPerWarp);
            new Span<byte>(warp.LocalWritten, Program.LocalBytes * 32).Clear();
            foreach (FixedRow row in Program.FixedRows)
            {
                if (row.Source != FixedSource.Special) continue;
                switch ((SpecialRegister)row.Value)
                {
                    case SpecialRegister.GroupX: FillRow(warp, in row, at.X); break;
                    case SpecialRegister.GroupY: FillRow(warp, in row, at.Y); break;
                    case SpecialRegister.GroupZ: FillRow(warp, in row, at.Z); break;
                    default: break;
                }
            }
        }
    }

    private void Fill(WarpState warp, in FixedRow row, ReadOnlySpan<byte> arguments, int dynamicSharedBytes)
    {
        switch (row.Source)
        {
            case FixedSource.Constant:
                FillRow(warp, in row, row.Value);
                break;
            case FixedSource.Argument:
                ReadOnlySpan<byte> argument = arguments[(int)row.Value..];
                FillRow(warp, in row, row.Type.Is64Bit() ? BitConverter.ToInt64(argument) : BitConverter.ToInt32(argument));
                break;
            case FixedSource.DynamicSharedLength:
                FillRow(warp, in row, dynamicSharedBytes);
                break;
            default:
                FillSpecial(warp, in row);
                break;
        }
    }

    private void FillSpecial(WarpState warp, in FixedRow row)
    {
        int* lanes = (int*)(warp.Frame + row.Offset);
        for (int lane = 0; lane < 32; lane++)
        {
            Index3D thread = ThreadPlace(warp.Index * 32 + lane);
            lanes[lane] = (SpecialRegister)row.Value switch
            {
                SpecialRegister.ThreadX => thread.X,
                SpecialRegister.ThreadY => thread.Y,
                SpecialRegister.ThreadZ => thread.Z,
                SpecialRegister.GroupSizeX => group.X,
                SpecialRegister.GroupSizeY => group.Y,
                SpecialRegister.GroupSizeZ => group.Z,
                SpecialRegister.GridSizeX => grid.X,
                SpecialRegister.GridSizeY => grid.Y,
                SpecialRegister.GridSizeZ => grid.Z,
                SpecialRegister.Lane => lane,
                _ => 0,
            };
        }
    }

    private static void FillRow(WarpState warp, in FixedRow row, long value)
    {
        byte* start = warp.Frame + row.Offset;
        if (row.Type == IrType.Bool) *(uint*)start = value != 0 ? LaneMask.All : 0;
        else if (row.Type.Is64Bit()) new Span<long>(start, 32).Fill(value);
        else new Span<int>(start, 32).Fill((int)value);
    }

    private Index3D ThreadPlace(int thread) => new(thread % group.X, thread / group.X % group.Y, thread / group.X / group.Y);
}
