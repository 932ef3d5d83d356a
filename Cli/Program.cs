using GatysGpu.Cli;

// The exit code is all that is decided here; GatysProgram is the same program for tests.
return GatysProgram.Run(args, Console.Out, Console.Error, live: Terminal.CanShowLiveProgress());
