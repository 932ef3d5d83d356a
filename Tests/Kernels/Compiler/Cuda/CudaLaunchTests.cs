using System.Buffers.Binary;
using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

public class CudaLaunchTests : CudaStubTests
{
    private static readonly CudaLaunchShape OneBlock = new(new(1), new(32));

    [Test]
    public void Launch_EveryArgumentArrivesByteForByte()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("mixed");
        Stub.Parameters("mixed", 8, 1, 4, 16);
        byte[] bytes = new byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 0x7FFF_1234_5678_9ABC);
        bytes[8] = 0xEE;
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(12), -1.5f);
        for (int i = 0; i < 16; i++) bytes[24 + i] = (byte)(0xA0 + i);
        Stub.TakeLog();

        kernel.Launch(stream, new CudaLaunchShape(new(70000, 3, 2), new(8, 4, 16), 4096), bytes, [0, 8, 12, 24]);

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuLaunchKernel(mixed, 70000 3 2, 8 4 16, 4096, stream#1, extra NULL, bc9a78563412ff7f ee 0000c0bf "
            + "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf)",
        }));
    }

    [Test]
    public void Launch_NoArguments_IsPermitted()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("empty");
        Stub.TakeLog();

        kernel.Launch(stream, OneBlock, [], []);

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[] { "cuLaunchKernel(empty, 1 1 1, 32 1 1, 0, stream#1, extra NULL,)" }));
    }

    [Test]
    public void Launch_AllocatesNothing()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("f");
        byte[] bytes = new byte[64];
        int[] offsets = [0, 8, 16, 20, 24];
        kernel.Launch(stream, OneBlock, bytes, offsets);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++) kernel.Launch(stream, OneBlock, bytes, offsets);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Launch_MoreSharedMemoryThanTheDefault_IsPermittedOnceForTheKernel()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("big");
        Stub.TakeLog();

        foreach (int shared in new[] { 48128, 60000, 50000, 100352 })
            kernel.Launch(stream, OneBlock with { DynamicSharedBytes = shared }, [], []);

        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[]
        {
            "cuLaunchKernel(big, 1 1 1, 32 1 1, 48128, stream#1, extra NULL,)", "cuFuncSetAttribute(big, 8, 60000)",
            "cuLaunchKernel(big, 1 1 1, 32 1 1, 60000, stream#1, extra NULL,)",
            "cuLaunchKernel(big, 1 1 1, 32 1 1, 50000, stream#1, extra NULL,)",
            "cuFuncSetAttribute(big, 8, 100352)", "cuLaunchKernel(big, 1 1 1, 32 1 1, 100352, stream#1, extra NULL,)",
        }));
    }

    [Test]
    public void Launch_ShapeBeyondALimit_NamesBothValuesAndDoesNotReachTheDriver()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("gram_tile");
        Stub.TakeLog();

        Refused(new(new(1), new(33, 16)), "a block of 33×16×1 has 528 threads, the kernel permits 512", "100 registers a thread");
        Refused(new(new(1), new(1, 1, 65)), "a block of 1×1×65 threads", "1×1×1 to 1023×1022×64");
        Refused(new(new(1), new(0)), "a block of 0×1×1 threads");
        Refused(new(new(1, 65536), new(1)), "a grid of 1×65536×1 blocks", "1×1×1 to 2147483647×65535×65534");
        Refused(new(new(1, 1, -1), new(1)), "a grid of 1×1×-1 blocks");
        Refused(new(new(1), new(1), 100353), "1024 bytes of its own and 100353 dynamic ones make 101377", "has 101376");
        Refused(new(new(1), new(1), -1), "-1 dynamic");
        Assert.That(Stub.TakeLog(), Is.Empty);

        void Refused(CudaLaunchShape shape, params string[] words)
        {
            ArgumentException? e = Assert.Throws<ArgumentException>(() => kernel.Launch(stream, shape, [], []));
            foreach (string word in words.Append("kernel 'gram_tile'")) Assert.That(e!.Message, Does.Contain(word));
        }
    }

    [TestCase(16, new[] { 0, 16 }, "byte 16, after one at byte 0, of 16")]
    [TestCase(16, new[] { 0, 8, 8 }, "byte 8, after one at byte 8, of 16")]
    [TestCase(16, new[] { -1 }, "byte -1")]
    [TestCase(0, new[] { 0 }, "byte 0, after one at byte -1, of 0")]
    [TestCase(4097, new[] { 0 }, "4097 bytes of arguments, a kernel takes 4096")]
    public void Launch_ArgumentsThatCannotBe_AreRefused(int bytes, int[] offsets, string words)
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("f");
        Stub.TakeLog();

        Assert.That(() => kernel.Launch(stream, OneBlock, new byte[bytes], offsets), Throws.ArgumentException
            .With.Message.Contains(words));
        Assert.That(Stub.TakeLog(), Is.Empty);
    }

    [Test]
    public void Launch_MostArgumentsThatThereCanBe_Arrive()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("many");
        Stub.Parameters("many", Enumerable.Repeat(1, 32).ToArray());
        byte[] bytes = Enumerable.Range(0, 4096).Select(i => (byte)i).ToArray();
        Stub.TakeLog();

        kernel.Launch(stream, OneBlock, bytes, Enumerable.Range(0, 4096).ToArray());

        string arguments = string.Concat(Enumerable.Range(0, 32).Select(i => $" {i:x2}"));
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[] { $"cuLaunchKernel(many, 1 1 1, 32 1 1, 0, stream#1, extra NULL,{arguments})" }));
    }

    [Test]
    public void Launch_ThatTheDriverRefuses_NamesKernelAndShape()
    {
        using CudaStream stream = Context.CreateStream();
        CudaFunction kernel = Kernel("conv");
        Stub.Fail("cuLaunchKernel", 2, 701);
        kernel.Launch(stream, OneBlock, [], []);

        Assert.That(() => kernel.Launch(stream, OneBlock, [], []), Throws.InstanceOf<CudaException>()
            .With.Message.Contains("cuLaunchKernel: kernel 'conv', grid 1×1×1, block 32×1×1, 0 dynamic shared bytes: ")
            .And.Message.Contains("smaller blocks"));
        Assert.That(() => kernel.Launch(stream, OneBlock, [], []), Throws.Nothing, "the stub fails the second call only");
    }

    [Test]
    public void BlocksPerMultiprocessor_AsksForTheBlockAndItsSharedMemory()
    {
        CudaFunction kernel = Kernel("f");
        Stub.TakeLog();

        Assert.That(kernel.BlocksPerMultiprocessor(256, 65536), Is.EqualTo(6));

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuFuncSetAttribute(f, 8, 65536)", "cuOccupancyMaxActiveBlocksPerMultiprocessor(f, 256, 65536)",
        }));
        Assert.That(() => kernel.BlocksPerMultiprocessor(513), Throws.ArgumentException
            .With.Message.Contains("513").And.Message.Contains("512"));
    }
}
