namespace GatysGpu.Tests;

/// <summary>An environment variable that has another value until this is disposed of. The whole process sees it: fixtures that
/// use this are <see cref="NonParallelizableAttribute"/>.</summary>
internal sealed class EnvironmentValue : IDisposable
{
    private readonly string name;
    private readonly string? before;

    public EnvironmentValue(string name, string? value)
    {
        (this.name, before) = (name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(name, before);
}
