using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

public class CudaModuleTests : CudaStubTests
{
    [Test]
    public void LoadModule_PassesTheTextAndAsksForBothLogs()
    {
        CudaModule module = Context.LoadModule("gram", AnyPtx);
        module.Dispose();
        module.Dispose();

        Assert.That(module.InfoLog, Is.EqualTo($"ptxas info    : {AnyPtx.Length} characters"));
        Assert.That(module.Name, Is.EqualTo("gram"));
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            $"cuModuleLoadDataEx({AnyPtx.Length} characters,)", "  = module#1", "cuModuleUnload(module#1)",
        }));
    }

    [Test]
    public void LoadModule_Options_ReachTheDriverAsNumbersInThePointer()
    {
        using CudaModule module = Context.LoadModule("m", AnyPtx, new() { LineInfo = true, MaxRegisters = 128, Verbose = true });

        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[] { $"cuModuleLoadDataEx({AnyPtx.Length} characters, 12=1 13=1 0=128)" }));
        Assert.That(() => Context.LoadModule("m", AnyPtx, new() { MaxRegisters = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void LoadModule_RefusedPtx_HasTheDriversLogInTheException()
    {
        CudaException? e = Assert.Throws<CudaException>(() => Context.LoadModule("pool forward", AnyPtx + "nonsense"));

        const string Log = "ptxas application ptx input, line 4; fatal   : Parsing error near 'nonsense': syntax error";
        Assert.That(e!.Log, Is.EqualTo(Log));
        Assert.That(e.Call, Is.EqualTo("cuModuleLoadDataEx"));
        Assert.That(e.Result, Is.EqualTo(CudaResult.InvalidPtx));
        Assert.That(e.ErrorName, Is.EqualTo("CUDA_ERROR_INVALID_PTX"));
        Assert.That(e.ErrorText, Is.EqualTo("a PTX JIT compilation failed"));
        Assert.That(e.Subject, Is.EqualTo("module 'pool forward' for Stub A (sm_86)"));
        Assert.That(e.Message, Is.EqualTo("cuModuleLoadDataEx: module 'pool forward' for Stub A (sm_86): a PTX JIT compilation failed "
            + $"(CUDA_ERROR_INVALID_PTX, 218){Environment.NewLine}{Log}"));
    }

    [TestCase(222, "update the NVIDIA driver")]
    [TestCase(209, "compile it for this device")]
    public void LoadModule_PtxThatDoesNotFit_SaysWhatToDo(int code, string remedy)
    {
        Stub.Fail("cuModuleLoadDataEx", 1, code);

        Assert.That(() => Context.LoadModule("m", AnyPtx), Throws.InstanceOf<CudaException>().With.Message.Contains(remedy));
    }

    [Test]
    public void GetFunction_ReadsTheKernelsAttributes()
    {
        using CudaModule module = Context.LoadModule("m", AnyPtx);
        Stub.TakeLog();

        CudaFunction f = module.GetFunction("forward");

        Assert.That(f.Name, Is.EqualTo("forward"));
        Assert.That((f.MaxThreadsPerBlock, f.SharedBytes, f.ConstantBytes, f.LocalBytes, f.Registers, f.PtxVersion, f.BinaryVersion),
            Is.EqualTo((512, 1024, 28, 16, 100, 75, 86)));
        Assert.That(Stub.TakeCalls().Order(), Is.EqualTo(new[]
        {
            "cuFuncGetAttribute(0, forward)", "cuFuncGetAttribute(1, forward)", "cuFuncGetAttribute(2, forward)",
            "cuFuncGetAttribute(3, forward)", "cuFuncGetAttribute(4, forward)", "cuFuncGetAttribute(5, forward)",
            "cuFuncGetAttribute(6, forward)", "cuFuncGetAttribute(8, forward)", "cuModuleGetFunction(module#1, forward)",
        }));
    }

    [Test]
    public void GetFunction_NameThatIsNotThere_NamesKernelAndModule()
    {
        using CudaModule module = Context.LoadModule("conv", AnyPtx);

        Assert.That(() => module.GetFunction("absent_kernel"), Throws.InstanceOf<CudaException>()
            .With.Message.EqualTo("cuModuleGetFunction: kernel 'absent_kernel' of module 'conv': "
                + "named symbol not found (CUDA_ERROR_NOT_FOUND, 500)"));
    }
}
