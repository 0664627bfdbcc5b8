namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>The IMS core, started once, when the first test asks for it.</summary>
public sealed class ImsCoreFixture : IAsyncDisposable
{
    readonly Lazy<Task<ImsCore>> _core = new(ImsCore.StartAsync);

    internal Task<ImsCore> StartedAsync() => _core.Value;

    public async ValueTask DisposeAsync()
    {
        if (_core is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _core.Value).DisposeAsync();
    }
}
