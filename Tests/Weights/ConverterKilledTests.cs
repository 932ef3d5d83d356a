using System.Diagnostics;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Tests.Weights
{
    public class ConverterKilledTests
    {
        [Test]
        public void Converter_KilledAtAnyMoment_LeavesNoFileOrAWholeOne()
        {
            using ScratchFolder folder = new();
            string[] hashes = new string[2];
            for (int i = 0; i < 2; i++)
            {
                using (FileStream stream = new(folder[$"in{i}"], FileMode.Create))
                    TorchFiles.WriteLegacy(stream, PublishedFormatTests.Arrays("{0}", TestNetworks.Random(layers: 8, width: 200, seed: i)));
                WeightConverter.Convert(folder[$"in{i}"], folder["expected"], new(InputConvention.Caffe));
                hashes[i] = FlatReader.VerifyHash(folder["expected"]);
            }
            Random random = new(3);
            int whole = 0, none = 0;
            for (int trial = 0; trial < 12; trial++)
            {
                // Every third trial begins without a file and is killed during the first conversion, the others in later ones.
                if (trial % 3 == 0) File.Delete(folder["out"]);
                using Process child = Start(folder);
                for (int line = 0; line <= trial % 3; line++)
                    Assert.That(child.StandardOutput.ReadLine(), Is.EqualTo(line == 0 ? "begun" : "converted"), child.HasExited ? "it ended" : "");
                Thread.Sleep(random.Next(120));
                child.Kill();
                child.WaitForExit();
                if (!File.Exists(folder["out"])) none++;
                else
                {
                    Assert.That(hashes, Does.Contain(FlatReader.VerifyHash(folder["out"])), $"trial {trial}, seed 3");
                    whole++;
                }
            }
            TestContext.Out.WriteLine($"killed 12 times: {whole} whole files, {none} none, {Directory.GetFiles(folder.Root, ".gatys-*.tmp").Length} temporary files left");
            Assert.That(whole, Is.GreaterThan(0));
        }

        // A program of its own that converts for ever: this assembly, started with itself as a start-up hook.
        private static Process Start(ScratchFolder folder)
        {
            string assembly = typeof(ConverterKilledTests).Assembly.Location;
            ProcessStartInfo info = new("dotnet", ["exec", assembly]) { RedirectStandardOutput = true, UseShellExecute = false };
            info.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
            info.Environment[StartupHook.FolderVariable] = folder.Root;
            return Process.Start(info)!;
        }
    }
}

/// <summary>What the runtime calls before Main when this assembly is named in DOTNET_STARTUP_HOOKS; only the test above does so.</summary>
/// <remarks>The runtime demands this name, and no namespace.</remarks>
internal static class StartupHook
{
    public const string FolderVariable = "GATYS_TEST_CONVERT_IN";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder) return;
        Console.WriteLine("begun");
        for (int i = 0; ; i++)
        {
            WeightConverter.Convert(Path.Combine(folder, $"in{i % 2}"), Path.Combine(folder, "out"), new(InputConvention.Caffe));
            Console.WriteLine("converted");
        }
    }
}
