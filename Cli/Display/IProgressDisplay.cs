using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Display;

/// <summary>Shows how far a transfer is.</summary>
internal interface IProgressDisplay
{
    /// <summary>Does the work while showing what it reports.</summary>
    /// <param name="work">Is given what to call after every iteration.</param>
    /// <param name="stop">Cancelled when the work is asked to end early.</param>
    T Show<T>(Func<Action<TransferProgress>, T> work, CancellationToken stop = default);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : IProgressDisplay
{
    /// <inheritdoc/>
    public T Show<T>(Func<Action<TransferProgress>, T> work, CancellationToken stop = default) => work(_ => { });
}
