using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Cli.Options;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys kernels show</c>: what a kernel is compiled to.</summary>
internal sealed class KernelsShow : Subcommand
{
    private readonly Argument<string?> name;
    private readonly Option<bool> ir, ptx, sass;
    private readonly Option<PtxTarget> arch;
    private readonly Option<int> variant;

    public KernelsShow(Terminal terminal) : this(PictureArguments.One("NAME", "A kernel, as 'gatys kernels list' names it"),
        OptionOf.Flag("--ir", "The compiler's own form, in which the checker runs it"),
        OptionOf.Flag("--ptx", "PTX, with the C# lines; this is what is shown without an option"),
        OptionOf.Flag("--sass", "Machine code, with the C# lines; needs ptxas and nvdisasm"),
        OptionOf.Value("--arch", "sm_NN", $"The architecture, {PtxTarget.All[0]} to {PtxTarget.All[^1]}", $"{PtxTarget.Sm80}",
            PtxTarget.Sm80, text => PtxTarget.Parse(text)
                ?? throw new FormatException($"expected {ValueReader.Alternatives([.. PtxTarget.All.Select(t => $"{t}")])}")),
        OptionOf.Value("--variant", "N", "Which set of specialised parameters, counted from 1", "1", 1,
            ValueReader.Whole(1, 1000)), terminal)
    {
    }

    private KernelsShow(Argument<string?> name, Option<bool> ir, Option<bool> ptx, Option<bool> sass, Option<PtxTarget> arch,
        Option<int> variant, Terminal terminal) : base(
        new Command("show", "Shows what a kernel is compiled to.") { name },
        new HelpPage("gatys kernels show NAME [--ir|--ptx|--sass] [--arch sm_NN] [--variant N]",
            [new("Options", ir, ptx, sass, arch, variant)],
            [("gatys kernels show Conv3x3TensorCore.Forward --sass", "The machine code of the fastest convolution:")]))
    {
        (this.name, this.ir, this.ptx, this.sass, this.arch, this.variant) = (name, ir, ptx, sass, arch, variant);
        PictureArguments.Require(Command, name);
        Runs(parsed =>
        {
            terminal.Output.WriteLine(Text(parsed).TrimEnd());
            return ExitCode.Ok;
        });
    }

    private string Text(ParseResult parsed)
    {
        if (new[] { ir, ptx, sass }.Count(parsed.GetValue) > 1)
            throw new InputException("--ir, --ptx and --sass exclude each other");
        CatalogKernel entry = KernelsCommand.Find(parsed.GetValue(name)!);
        int number = parsed.GetValue(variant);
        if (number > entry.Variants.Count)
            throw new InputException($"--variant '{number}': {entry.Name} has {entry.Variants.Count}; "
                + $"expected a number from 1 to {entry.Variants.Count}");
        Kernel kernel = entry.Compile(number - 1);
        PtxTarget target = parsed.GetValue(arch);
        if (parsed.GetValue(ir)) return IrPrinter.Print(kernel);
        if (kernel.NeedsAmpere && !target.IsAmpere)
            throw new InputException($"--arch '{target}': {entry.Name} needs tensor cores or asynchronous copies; "
                + $"expected {PtxTarget.Sm80} or newer");
        string text = PtxPrinter.Print(kernel, target);
        if (!parsed.GetValue(sass)) return text;
        PtxAssembler assembler = PtxAssembler.Find()
            ?? throw new InputException($"--sass: there is no ptxas on this machine. {PtxAssembler.Remedy}");
        return PtxAssembler.Disassemble(assembler.Assemble(text, target));
    }
}
