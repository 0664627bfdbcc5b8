using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Portunus.Wic;
using DnsQuestion = Portunus.Wic.DnsQuestion;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Asks the DNS for a client. Addresses come from the system, which knows its hosts file, unless a name server is named;
/// SRV and NAPTR are asked for here, since .NET does not.
/// </summary>
public sealed class DnsLookup
{
    // A name server that is there answers in milliseconds; RFC 1035 §7.2 suggests 2 to 5 s.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly LookupClient _client;
    readonly bool _isNamed;

    /// <param name="server">Null for those of the system.</param>
    public DnsLookup(IPEndPoint? server = null)
    {
        var options = server is null ? new LookupClientOptions() : new LookupClientOptions(server);
        (options.UseCache, options.ThrowDnsErrors, options.Timeout, options.Retries) = (false, false, Patience, 1);
        (_client, _isNamed) = (new(options), server is not null);
    }

    /// <summary>The records; none where the DNS knows of none, or says nothing.</summary>
    public async Task<IReadOnlyList<DnsRecord>> AskAsync(DnsQuestion question, CancellationToken stop)
    {
        try
        {
            return question.Type is DnsType.A or DnsType.Aaaa && !_isNamed
                ? await AskSystemAsync(question, stop)
                : Read((await _client.QueryAsync(question.Name, (QueryType)question.Type, cancellationToken: stop)).Answers);
        }
        catch (Exception e) when (e is DnsResponseException or SocketException or ArgumentException)
        {
            // No name server, no network, or no name: RFC 5928 §3 goes on as after an empty answer.
            return [];
        }
    }

    static async Task<IReadOnlyList<DnsRecord>> AskSystemAsync(DnsQuestion question, CancellationToken stop)
    {
        var family = question.Type == DnsType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return [.. (await Dns.GetHostAddressesAsync(question.Name, family, stop)).Select(ip => new DnsRecord.Address(ip))];
    }

    /// <summary>Aliases (CNAME) have been followed by the name server; what they lead to stands in the same answer.</summary>
    static List<DnsRecord> Read(IEnumerable<DnsResourceRecord> answers)
    {
        List<DnsRecord> records = [];
        foreach (var answer in answers)
            switch (answer)
            {
                case ARecord a:
                    records.Add(new DnsRecord.Address(a.Address));
                    break;
                case AaaaRecord aaaa:
                    records.Add(new DnsRecord.Address(aaaa.Address));
                    break;
                case PtrRecord ptr:
                    records.Add(new DnsRecord.Instance(Name(ptr.PtrDomainName)));
                    break;
                case SrvRecord srv:
                    records.Add(new DnsRecord.Service(srv.Priority, srv.Weight, srv.Port, Name(srv.Target)));
                    break;
                case NAPtrRecord naptr:
                    records.Add(new DnsRecord.Pointer(
                        (ushort)naptr.Order, (ushort)naptr.Preference, naptr.Flags, naptr.Services, naptr.RegularExpression,
                        Name(naptr.Replacement)));
                    break;
            }

        return records;
    }

    static string Name(DnsString name) => name.Value.TrimEnd('.');
}
