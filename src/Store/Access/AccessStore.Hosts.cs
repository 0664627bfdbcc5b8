using System.Globalization;
using Npgsql;

namespace Portunus.Store.Access;

public sealed partial class AccessStore
{
    /// <summary>Where the data base servers of a PostgreSQL connection are: names or addresses, with ports. None for one that is reached by
    /// a file, nor where the connection makes no sense: opening it says so.</summary>
    /// <param name="connection">As for <see cref="OpenPostgres"/>.</param>
    public static IReadOnlyList<(string Host, int Port)> HostsOf(string connection)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connection);
            return
            [
                .. (parts.Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Where(host => host[0] is not ('/' or '@')).Select(host => WithPort(host, parts.Port)),
            ];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    /// <summary>A host of several may have a port of its own; an IPv6 address has colons, too.</summary>
    static (string Host, int Port) WithPort(string host, int port)
    {
        var colon = host.LastIndexOf(':');
        return colon > 0 && (host.IndexOf(':') == colon || host[colon - 1] == ']')
            && int.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var own)
                ? (host[..colon].Trim('[', ']'), own)
                : (host.Trim('[', ']'), port);
    }
}
