using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Objective;

namespace GatysGpu.Engine.Transfer;

/// <summary>Where a transfer is, after each iteration.</summary>
/// <param name="Scale">Scale, from 1.</param>
/// <param name="Scales">Number of scales.</param>
/// <param name="Width">Columns of this scale.</param>
/// <param name="Height">Rows of this scale.</param>
/// <param name="Iteration">Iteration at this scale, from 1.</param>
/// <param name="Iterations">Iterations planned at this scale.</param>
/// <param name="Loss">The objective's value.</param>
/// <param name="GradientNorm">‖g‖₂ of its free part.</param>
/// <param name="Evaluations">Evaluations at this scale so far.</param>
/// <param name="Terms">The objective's terms at the last evaluation.</param>
/// <param name="Done">Share of the whole work that is done, 0 to 1, by pixels and iterations.</param>
/// <param name="Elapsed">Since the transfer began.</param>
/// <param name="Snapshot">Makes a picture of the present state, when called from the callback.</param>
public sealed record TransferProgress(int Scale, int Scales, int Width, int Height, int Iteration, int Iterations, double Loss,
    double GradientNorm, int Evaluations, IReadOnlyList<ObjectiveTerm> Terms, double Done, TimeSpan Elapsed, Func<Picture> Snapshot);

/// <summary>What a transfer came to.</summary>
/// <param name="Picture">The painting, of the size that was asked for.</param>
/// <param name="Loss">The objective's last value.</param>
/// <param name="Iterations">Iterations of all scales.</param>
/// <param name="Evaluations">Evaluations of all scales.</param>
/// <param name="Elapsed">Time from start to end.</param>
/// <param name="Cancelled">Whether it was stopped before its end; the picture is the state at that moment, enlarged if need be.</param>
public sealed record TransferResult(Picture Picture, double Loss, int Iterations, int Evaluations, TimeSpan Elapsed, bool Cancelled);
