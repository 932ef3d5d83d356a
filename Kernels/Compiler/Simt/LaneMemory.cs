using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Moves values between rows and memory once the addresses are known to be good.</summary>
internal static unsafe class LaneMemory
{
    /// <summary>Reads one, two or four neighbours a lane into as many rows. A host pointer is an address plus
    /// <paramref name="bias"/>.</summary>
    internal static void Load(byte* frame, Step* step, long* addresses, long bias, uint lanes, AccessShape shape)
    {
        int count = step->Extra >> 8;
        switch ((MemoryType)(step->Extra & 255))
        {
            case MemoryType.Int8: LoadSmall<sbyte>(frame, step, addresses, bias, lanes, count); break;
            case MemoryType.UInt8: LoadSmall<byte>(frame, step, addresses, bias, lanes, count); break;
            case MemoryType.Int16: LoadSmall<short>(frame, step, addresses, bias, lanes, count); break;
            case MemoryType.UInt16: LoadSmall<ushort>(frame, step, addresses, bias, lanes, count); break;
            case MemoryType.Int64 or MemoryType.Float64: Load<ulong>(frame, step, addresses, bias, lanes, count, shape); break;
            default: Load<uint>(frame, step, addresses, bias, lanes, count, shape); break;
        }
    }

    /// <summary>Writes one, two or four rows to as many neighbours a lane.</summary>
    internal static void Store(byte* frame, Step* step, long* addresses, long bias, uint lanes, AccessShape shape)
    {
        int count = step->Extra >> 8;
        switch ((MemoryType)(step->Extra & 255))
        {
            case MemoryType.Int8 or MemoryType.UInt8: StoreSmall<byte>(frame, step, addresses, bias, lanes, count); break;
            case MemoryType.Int16 or MemoryType.UInt16: StoreSmall<ushort>(frame, step, addresses, bias, lanes, count); break;
            case MemoryType.Int64 or MemoryType.Float64: Store<ulong>(frame, step, addresses, bias, lanes, count, shape); break;
            default: Store<uint>(frame, step, addresses, bias, lanes, count, shape); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Load<T>(byte* frame, Step* step, long* addresses, long bias, uint lanes, int count, AccessShape shape)
        where T : unmanaged
    {
        T* r0 = (T*)(frame + step->R), r1 = (T*)(frame + step->R1), r2 = (T*)(frame + step->R2), r3 = (T*)(frame + step->R3);
        if (shape == AccessShape.Uniform)
        {
            T* from = (T*)(addresses[0] + bias);
            int* rows = &step->R;
            for (int i = 0; i < count; i++)
                for (int k = 0; k < 32; k += Vector512<T>.Count)
                    LaneMask.Put((T*)(frame + rows[i]), k, Vector512.Create(from[i]), lanes);
        }
        else if (count == 1)
        {
            if (shape == AccessShape.Contiguous)
            {
                T* from = (T*)(addresses[0] + bias);
                for (int k = 0; k < 32; k += Vector512<T>.Count) Vector512.Load(from + k).Store(r0 + k);
            }
            else if (lanes == LaneMask.All)
            {
                for (int lane = 0; lane < 32; lane++) r0[lane] = *(T*)(addresses[lane] + bias);
            }
            else
            {
                while (lanes != 0)
                {
                    int lane = LaneMask.Next(ref lanes);
                    r0[lane] = *(T*)(addresses[lane] + bias);
                }
            }
        }
        else if (count == 2)
        {
            while (lanes != 0)
            {
                int lane = LaneMask.Next(ref lanes);
                T* from = (T*)(addresses[lane] + bias);
                (r0[lane], r1[lane]) = (from[0], from[1]);
            }
        }
        else
        {
            while (lanes != 0)
            {
                int lane = LaneMask.Next(ref lanes);
                T* from = (T*)(addresses[lane] + bias);
                (r0[lane], r1[lane], r2[lane], r3[lane]) = (from[0], from[1], from[2], from[3]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store<T>(byte* frame, Step* step, long* addresses, long bias, uint lanes, int count, AccessShape shape)
        where T : unmanaged
    {
        T* r0 = (T*)(frame + step->R), r1 = (T*)(frame + step->R1), r2 = (T*)(frame + step->R2), r3 = (T*)(frame + step->R3);
        if (count == 1 && shape == AccessShape.Contiguous)
        {
            T* to = (T*)(addresses[0] + bias);
            for (int k = 0; k < 32; k += Vector512<T>.Count) Vector512.Load(r0 + k).Store(to + k);
            return;
        }
        while (lanes != 0)
        {
            int lane = LaneMask.Next(ref lanes);
            T* to = (T*)(addresses[lane] + bias);
            to[0] = r0[lane];
            if (count == 1) continue;
            to[1] = r1[lane];
            if (count == 2) continue;
            (to[2], to[3]) = (r2[lane], r3[lane]);
        }
    }

    private static void LoadSmall<T>(byte* frame, Step* step, long* addresses, long bias, uint lanes, int count)
        where T : unmanaged
    {
        int* rows = &step->R;
        while (lanes != 0)
        {
            int lane = LaneMask.Next(ref lanes);
            T* from = (T*)(addresses[lane] + bias);
            for (int i = 0; i < count; i++)
            {
                ((int*)(frame + rows[i]))[lane] = typeof(T) == typeof(sbyte) ? *(sbyte*)(from + i)
                    : typeof(T) == typeof(byte) ? *(byte*)(from + i)
                    : typeof(T) == typeof(short) ? *(short*)(from + i) : *(ushort*)(from + i);
            }
        }
    }

    private static void StoreSmall<T>(byte* frame, Step* step, long* addresses, long bias, uint lanes, int count)
        where T : unmanaged
    {
        int* rows = &step->R;
        while (lanes != 0)
        {
            int lane = LaneMask.Next(ref lanes);
            T* to = (T*)(addresses[lane] + bias);
            for (int i = 0; i < count; i++)
            {
                int value = ((int*)(frame + rows[i]))[lane];
                if (typeof(T) == typeof(byte)) *(byte*)(to + i) = (byte)value;
                else *(ushort*)(to + i) = (ushort)value;
            }
        }
    }
}
