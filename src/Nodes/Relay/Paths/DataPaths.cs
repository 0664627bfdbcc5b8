using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Relay;

/// <summary>Opens what the workers of a node stand on.</summary>
static class DataPaths
{
    /// <summary>One for each worker, all of one kind.</summary>
    /// <exception cref="RefusedException">The system does not have what was chosen.</exception>
    public static IDataPath[] Open(DataPath choice, int workers, ILogger log)
    {
        if (choice == DataPath.Linux && !LinuxPath.IsServed)
            throw new RefusedException("The data path linux needs Linux on x64 or arm64; write portable or auto here.");
        if (choice == DataPath.Portable || !LinuxPath.IsServed) return Portable(workers);
        var opened = new List<IDataPath>();
        while (opened.Count < workers)
        {
            if (LinuxPath.TryCreate(out var error) is { } path)
            {
                opened.Add(path);
                continue;
            }

            foreach (var other in opened) other.Dispose();
            if (choice == DataPath.Linux)
                throw new RefusedException($"The system refuses what the data path linux needs ({error}); write portable or auto here.");
            RelayLog.PortableInstead(log, error);
            return Portable(workers);
        }

        return [.. opened];
    }

    /// <summary>How many one of them can wait for.</summary>
    public static int MostSockets(IDataPath[] paths) => HaveStreams(paths) ? int.MaxValue : SocketWatch.Most;

    /// <summary>Whether clients may come by connections.</summary>
    public static bool HaveStreams(IDataPath[] paths) => paths.All(path => path is LinuxPath);

    static IDataPath[] Portable(int workers) => [.. Enumerable.Range(0, workers).Select(_ => new PortablePath())];
}
