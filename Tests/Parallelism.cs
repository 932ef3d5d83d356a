// Fixtures run side by side, one on each core; the tests of a fixture one after the other. A fixture is [NonParallelizable], and
// then has the process for itself, where it changes what all share (environment variables, the driver's stub, a GPU), or where it
// measures time or memory that others would take from it.
[assembly: Parallelizable(ParallelScope.Fixtures)]
