using GatysGpu.Bench;

return args is ["weights" or "weights-one", ..] ? WeightBenchmark.Run(args) : 0;
