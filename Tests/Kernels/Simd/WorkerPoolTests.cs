using System.Diagnostics;
using System.Runtime.InteropServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>The threads that all CPU operations run on. Every test has a limit of time: a lost wake-up would hang.</summary>
[NonParallelizable]
public unsafe class WorkerPoolTests
{
    private static readonly int[] Threads = [1, 2, 3, 4, 7, 16];

    [TestCaseSource(nameof(Threads))]
    public void Run_DoesEveryItemOnce(int threads) => InTime(() =>
    {
        using WorkerPool pool = new(threads);
        Assert.That(pool.Threads, Is.EqualTo(threads));
        foreach (int count in new[] { 0, 1, 2, 3, 7, threads - 1, threads, threads + 1, 64, 1000, 10_007 })
        {
            int[] times = new int[count + 1];
            int wrongWorkers = 0;
            fixed (int* t = times) pool.Run(count, new CountJob { Times = t, WrongWorkers = &wrongWorkers, Workers = threads });
            Assert.That(times[..count], Is.All.EqualTo(1), $"{count} items");
            Assert.That((times[count], wrongWorkers), Is.EqualTo((0, 0)),
                $"{count} items: one too many, or a worker's number out of range");
        }
    });

    [Test]
    public void Run_NoTwoItemsAtOnceHaveTheSameWorker() => InTime(() =>
    {
        using WorkerPool pool = new(4);
        int[] inside = new int[4], clashes = new int[1];
        fixed (int* i = inside, c = clashes)
            for (int round = 0; round < 50; round++) pool.Run(40, new ExclusiveJob { Inside = i, Clashes = c });
        Assert.That(clashes[0], Is.Zero, "two items used one worker's scratch memory at the same time");
    });

    [TestCaseSource(nameof(Threads))]
    public void Run_AnItemThatThrows_IsReportedAndThePoolStaysUsable(int threads) => InTime(() =>
    {
        using WorkerPool pool = new(threads);
        int* done = stackalloc int[1];
        foreach (int bad in new[] { 0, 1, 50, 99 })
        {
            *done = 0;
            Assert.That(() => pool.Run(100, new ThrowJob { Bad = bad, Done = done }),
                Throws.InstanceOf<ArithmeticException>().With.Message.Contains($"item {bad} is bad"), $"item {bad}");
            Assert.That(*done, Is.LessThan(100));
            int[] times = new int[200];
            int wrongWorkers = 0;
            fixed (int* t = times) pool.Run(200, new CountJob { Times = t, WrongWorkers = &wrongWorkers, Workers = threads });
            Assert.That(times, Is.All.EqualTo(1), "the job after it");
        }
    });

    [Test]
    public void Run_AllItemsThrow_OneIsReported() => InTime(() =>
    {
        using WorkerPool pool = new(4);
        int* done = stackalloc int[1];
        for (int round = 0; round < 20; round++)
            Assert.That(() => pool.Run(100, new ThrowJob { Bad = -1, Done = done }), Throws.Exception.With.Message.Contains("is bad"));
    });

    [TestCaseSource(nameof(Threads))]
    public void Run_WithinAJob_IsRefused_AndThePoolStaysUsable(int threads) => InTime(() =>
    {
        using WorkerPool pool = new(threads);
        GCHandle handle = GCHandle.Alloc(pool);
        try
        {
            foreach (int count in new[] { 1, 20 })
                Assert.That(() => pool.Run(count, new NestedJob { Pool = GCHandle.ToIntPtr(handle) }),
                    Throws.InvalidOperationException.With.Message.Contains("already running"), $"{count} items");
        }
        finally
        {
            handle.Free();
        }
        int total = 0;
        pool.Run(30, new AddJob { Total = &total });
        Assert.That(total, Is.EqualTo(30));
    });

    [TestCase(1)]
    [TestCase(3)]
    public void Run_ByTwoThreadsAtOnce_IsRefused(int threads) => InTime(() =>
    {
        using WorkerPool pool = new(threads);
        int* state = stackalloc int[2];
        (state[0], state[1]) = (0, 0);
        nint at = (nint)state;
        Thread first = new(() => pool.Run(1, new WaitingJob { State = (int*)at }));
        first.Start();
        while (Volatile.Read(ref state[0]) == 0) Thread.Yield();
        Assert.That(() => pool.Run(2, new AddJob { Total = (int*)at }), Throws.InvalidOperationException.With.Message.Contains("one thread at a time"));
        Volatile.Write(ref state[1], 1);
        first.Join();
        Assert.That(state[0], Is.EqualTo(1));
    });

    [TestCase(2, 20_000)]
    [TestCase(3, 3_000)]
    [TestCase(8, 500)]
    public void Run_ThousandsOfTinyJobs_NoneHangs(int threads, int jobs) => InTime(() =>
    {
        using WorkerPool pool = new(threads);
        int total = 0;
        for (int i = 0; i < jobs; i++) pool.Run(threads, new AddJob { Total = &total });
        Assert.That(total, Is.EqualTo(jobs * threads));
    });

    [Test]
    public void Run_AfterTheThreadsFellAsleep_WakesThem() => InTime(() =>
    {
        using WorkerPool pool = new(3);
        int total = 0;
        Random random = new(1);
        for (int i = 0; i < 150; i++)
        {
            pool.Run(6, new AddJob { Total = &total });
            // From well within the spinning to well within the sleep, the moment between them included.
            long until = Stopwatch.GetTimestamp() + random.Next((int)(Stopwatch.Frequency / 500));
            while (Stopwatch.GetTimestamp() < until) Thread.SpinWait(10);
        }
        Assert.That(total, Is.EqualTo(900));
    });

    [Test]
    public void Run_AllocatesNothing() => InTime(() =>
    {
        using WorkerPool pool = new(3);
        int total = 0;
        long least = long.MaxValue;
        // The best of some rounds: a lock that two threads meet at for the first time allocates once.
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) pool.Run(5, new AddJob { Total = &total });
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.That(least, Is.Zero);
    });

    [TestCase(1)]
    [TestCase(4)]
    public void Dispose_Twice_IsAllowed_AndRunAfterwardsIsRefused(int threads) => InTime(() =>
    {
        WorkerPool pool = new(threads);
        int total = 0;
        pool.Run(10, new AddJob { Total = &total });
        pool.Dispose();
        pool.Dispose();
        int* after = stackalloc int[1];
        Assert.That(() => pool.Run(10, new AddJob { Total = after }), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That((total, *after), Is.EqualTo((10, 0)));
    });

    [Test]
    public void Dispose_OfAPoolThatNeverRan_Ends() => InTime(() =>
    {
        for (int i = 0; i < 20; i++) new WorkerPool(3).Dispose();
    });

    [TestCase(0)]
    [TestCase(-1)]
    public void Pool_OfNoThreads_IsRefused(int threads) =>
        Assert.That(() => new WorkerPool(threads), Throws.InstanceOf<ArgumentOutOfRangeException>());

    /// <summary>Runs on a thread of its own and fails where that does not end; generous, for machines with other things to do.</summary>
    private static void InTime(Action action)
    {
        Exception? failure = null;
        Thread thread = new(Guarded) { IsBackground = true };
        thread.Start();
        if (!thread.Join(TimeSpan.FromSeconds(120))) Assert.Fail("the pool hangs");
        if (failure is not null) Assert.Fail(failure.ToString());

        void Guarded()
        {
            try
            {
                using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext()) action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }
    }

    private struct CountJob : IJob
    {
        public int* Times, WrongWorkers;
        public int Workers;

        public readonly void Run(int item, int worker)
        {
            Interlocked.Increment(ref Times[item]);
            if (worker < 0 || worker >= Workers) Interlocked.Increment(ref *WrongWorkers);
        }
    }

    private struct ExclusiveJob : IJob
    {
        public int* Inside, Clashes;

        public readonly void Run(int item, int worker)
        {
            if (Interlocked.Increment(ref Inside[worker]) != 1) Interlocked.Increment(ref *Clashes);
            Thread.SpinWait(50);
            Interlocked.Decrement(ref Inside[worker]);
        }
    }

    private struct AddJob : IJob
    {
        public int* Total;

        public readonly void Run(int item, int worker) => Interlocked.Increment(ref *Total);
    }

    private struct NestedJob : IJob
    {
        public nint Pool;

        public readonly void Run(int item, int worker) => ((WorkerPool)GCHandle.FromIntPtr(Pool).Target!).Run(4, new CountJob());
    }

    /// <summary>Says that it runs, and runs until it is told to end.</summary>
    private struct WaitingJob : IJob
    {
        public int* State;

        public readonly void Run(int item, int worker)
        {
            Volatile.Write(ref State[0], 1);
            while (Volatile.Read(ref State[1]) == 0) Thread.Yield();
        }
    }

    private struct ThrowJob : IJob
    {
        public int Bad;
        public int* Done;

        public readonly void Run(int item, int worker)
        {
            if (item == Bad || Bad < 0) throw new ArithmeticException($"item {item} is bad");
            Interlocked.Increment(ref *Done);
        }
    }
}
