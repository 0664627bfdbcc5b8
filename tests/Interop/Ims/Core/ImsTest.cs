namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>A test that needs the IMS core; when it fails, the core's logs are kept.</summary>
public abstract class ImsTest(ImsCoreFixture fixture) : IAsyncLifetime
{
    internal ImsCore Core { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Core = await fixture.StartedAsync();

    public virtual ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.AddWarning($"The logs of the IMS core will be in {Core.KeepLogs()}");
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
