using Microsoft.Data.Sqlite;

namespace Portunus.Assessment.Management;

/// <summary>The operator's authority, and WAFs that are started when they are first needed and serve one fleet after the other.</summary>
sealed class WafPool : IAsyncDisposable
{
    readonly DirectoryInfo _folder;
    readonly List<WafSite> _wafs = [];
    int _fleets;

    /// <param name="temporaryFolder">Gets a folder that goes with the pool.</param>
    public WafPool(string temporaryFolder)
    {
        _folder = Directory.CreateDirectory(Path.Combine(temporaryFolder, $"portunus-fleet-{Guid.NewGuid():n}"));
        Operator = new(_folder.FullName, "operator");
    }

    public FleetAuthority Operator { get; }

    /// <summary>Starts so many WAFs beforehand.</summary>
    public async Task PrepareAsync(int wafs, CancellationToken stop)
    {
        for (var number = 0; number < wafs; number++)
        {
            stop.ThrowIfCancellationRequested();
            await WafAsync(number);
        }
    }

    /// <summary>An empty fleet.</summary>
    public Fleet Begin(FleetWay way) => new(way, ++_fleets, WafAsync, Operator);

    public async ValueTask DisposeAsync()
    {
        foreach (var waf in _wafs) await waf.DisposeAsync();
        Operator.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    async Task<WafSite> WafAsync(int number)
    {
        while (_wafs.Count <= number)
            _wafs.Add(await WafSite.StartAsync($"waf{_wafs.Count + 1}", _folder.FullName, Operator.Root));
        return _wafs[number];
    }
}
