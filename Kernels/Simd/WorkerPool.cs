using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace GatysGpu.Kernels.Simd;

/// <summary>Work that is cut into independent items. A struct of plain values and pointers, so that handing it out costs no
/// allocation.</summary>
internal interface IJob
{
    /// <summary>Does one item.</summary>
    /// <param name="item">0 to the number of items − 1.</param>
    /// <param name="worker">0 to <see cref="WorkerPool.Threads"/> − 1: which scratch memory may be used.</param>
    void Run(int item, int worker);
}

/// <summary>A fixed set of threads that take the items of one job after another. What an item computes never depends on which thread
/// takes it, so results are the same for any number of threads.</summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 2_000;

    private readonly Thread[] workers;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim[] wake;
    private readonly bool[] asleep;
    private delegate*<void*, int, int, void> run;
    private void* job;
    private int items;
    private int next;
    private int busy;
    private int generation;
    private int running;
    private volatile bool stopping;
    private Exception? failure;

    /// <summary>Starts the threads; the caller's own thread is one of them.</summary>
    /// <param name="threads">At least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        asleep = new bool[threads];
        wake = new SemaphoreSlim[threads];
        workers = new Thread[threads - 1];
        for (int i = 1; i < threads; i++)
        {
            int worker = i;
            wake[i] = new SemaphoreSlim(0);
            workers[i - 1] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"gatys worker {worker}" };
            workers[i - 1].Start();
        }
    }

    /// <summary>Threads that work at once, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Runs all items and returns when the last is done. An exception of an item is thrown here as it is; with several, the
    /// first that happened.</summary>
    /// <param name="count">Number of items; 0 does nothing.</param>
    /// <param name="work">The job; items see it by reference.</param>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    /// <exception cref="InvalidOperationException">A job is running: an item may not start another one, nor may two threads share the
    /// pool.</exception>
    public void Run<TJob>(int count, TJob work) where TJob : unmanaged, IJob
    {
        ObjectDisposedException.ThrowIf(stopping, this);
        if (count <= 0) return;
        if (Interlocked.Exchange(ref running, 1) != 0)
            throw new InvalidOperationException("a job is already running on this device; it can be used by one thread at a time, and not from within a job");
        try
        {
            RunAlone(count, ref work);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private void RunAlone<TJob>(int count, ref TJob work) where TJob : unmanaged, IJob
    {
        if (Threads == 1 || count == 1)
        {
            for (int i = 0; i < count; i++) work.Run(i, 0);
            return;
        }
        run = &Invoke<TJob>;
        // The caller's job lies on its stack, which does not move.
        job = Unsafe.AsPointer(ref work);
        items = count;
        next = 0;
        busy = Threads - 1;
        Interlocked.Increment(ref generation);
        for (int i = 1; i < Threads; i++)
            if (Volatile.Read(ref asleep[i])) Wake(i);
        TakeItems(0);
        SpinWait spin = default;
        while (Volatile.Read(ref busy) != 0)
        {
            if (spin.Count < SpinsBeforeSleep / 100) Thread.SpinWait(20);
            spin.SpinOnce(sleep1Threshold: -1);
        }
        if (Interlocked.Exchange(ref failure, null) is { } e) ExceptionDispatchInfo.Throw(e);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (stopping) return;
        stopping = true;
        Interlocked.Increment(ref generation);
        for (int i = 1; i < Threads; i++) wake[i].Release();
        foreach (Thread t in workers) t.Join();
    }

    private static void Invoke<TJob>(void* job, int item, int worker) where TJob : unmanaged, IJob =>
        Unsafe.AsRef<TJob>(job).Run(item, worker);

    private void Wake(int worker)
    {
        lock (gate)
        {
            if (!asleep[worker]) return;
            asleep[worker] = false;
        }
        wake[worker].Release();
    }

    private void TakeItems(int worker)
    {
        try
        {
            for (int i; (i = Interlocked.Increment(ref next) - 1) < items;) run(job, i, worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, e, null);
            Volatile.Write(ref next, items);
        }
    }

    private void Work(int worker)
    {
        for (int seen = 0; ; )
        {
            WaitForNext(worker, ref seen);
            if (stopping) return;
            TakeItems(worker);
            Interlocked.Decrement(ref busy);
        }
    }

    /// <summary>Spins for some tens of microseconds, as long as the gap between two operations, then sleeps.</summary>
    private void WaitForNext(int worker, ref int seen)
    {
        for (int spins = 0; Volatile.Read(ref generation) == seen; spins++)
        {
            if (spins < SpinsBeforeSleep) { Thread.SpinWait(4); continue; }
            lock (gate) asleep[worker] = true;
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref generation) != seen)
            {
                // Work came in between: whoever clears the flag first decides whether a wake-up is on its way.
                lock (gate)
                {
                    if (asleep[worker]) { asleep[worker] = false; break; }
                }
            }
            wake[worker].Wait();
        }
        seen = Volatile.Read(ref generation);
    }
}
