using System.Globalization;
using System.Net;
using Portunus.Tests.Conformance.Requirements;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Running;

/// <summary>The suite from a command line, against any host and port.</summary>
static class Alone
{
    const string Help =
        """
        Looks at a TURN server from outside: does it keep RFC 8489, 8656, 6062, 7635 and 8016?

          Portunus.Tests.Conformance --target udp:HOST:PORT --user NAME:PASSWORD --realm NAME [more]

          --target KIND:HOST:PORT    where it is heard, by udp, tcp, tls or dtls; once for each transport
          --user NAME:PASSWORD       a user of the long-term mechanism
          --realm NAME               the realm that it must name
          --second-user NAME:PASSWORD   another user of the realm
          --quota NAME:PASSWORD:N    a user who may have N allocations and no more
          --peer ADDRESS             an address of this machine that it relays to; the one that talks to it unless given. A second one helps
          --denied-peer ADDRESS      a peer that it refuses with 403
          --oauth-key KID:A256GCM:BASE64 --server-name NAME   a key of access tokens
          --few-ports KIND:HOST:PORT    an instance with at most a dozen relay ports, and without keys of tokens
          --redirect KIND:HOST:PORT     an instance that answers Allocate with 300
          --ipv4-only KIND:HOST:PORT    an instance without an IPv6 relay address
          --ipv6-only KIND:HOST:PORT    an instance without an IPv4 relay address
          --ipv6-client KIND:[HOST]:PORT   the target by IPv6
          --offers WORD,WORD         of ipv6relay, mobility, tcprelay, dual, userhash, icmp, software
          --patience SECONDS         how long an answer may take (5)
          --slow                     checks that wait for lifetimes, too: an hour or more
          --check WORDS              only the checks whose name has these words
          --quiet                    failures and the sum only
          --help                     this

          Portunus.Tests.Conformance --list                   the checks, with RFC and section
          Portunus.Tests.Conformance --requirements FOLDER    the sentences of MUST and SHOULD of the RFCs' texts in a folder, as
                                                              rfc8489.txt and so on; says what the committed list lacks

        A check of something that the target does not offer is reported as "not offered". Ends with 0 if none failed.
        Without one of these flags, it is the runner of this repository's tests; then -help explains.
        """;

    static readonly string[] Meant = ["--target", "--help", "-h", "--list", "--requirements"];

    /// <summary>Whether these arguments are ours and not the test runner's.</summary>
    public static bool IsMeant(string[] arguments) => arguments.Any(Meant.Contains);

    /// <returns>0 if no check failed, 1 if one did, 2 for arguments that make no sense.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        try
        {
            var flags = Flags.Read(arguments);
            if (flags.Has("help")) output.WriteLine(Help);
            else if (flags.Has("list")) List(output);
            else if (flags.Get("requirements") is { } folder) return RequirementTexts.Compare(folder, output);
            else return Look(flags, output);
            return 0;
        }
        catch (FormatException mistake)
        {
            errors.WriteLine($"{mistake.Message}; --help explains the flags");
            return 2;
        }
    }

    static void List(TextWriter output)
    {
        foreach (var check in Check.All) output.WriteLine($"RFC {check.Section}  {check.Name}");
    }

    static int Look(Flags flags, TextWriter output)
    {
        var target = TargetOf(flags);
        var words = flags.Get("check") ?? "";
        var checks = Check.All.Where(check => check.Name.Contains(words, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (checks.Length == 0) throw new FormatException($"no check has '{words}' in its name");
        var verdicts = Runner.Run(target, checks, flags.Has("slow"));
        foreach (var verdict in verdicts.Where(verdict => !flags.Has("quiet") || verdict.Outcome == Outcome.Failed))
            output.WriteLine($"{Word(verdict.Outcome),-12} {verdict.Transport.ToString().ToLowerInvariant(),-5} "
                + $"RFC {verdict.Check.Section,-12} {verdict.Check.Name}{(verdict.Why == "" ? "" : ": ")}{verdict.Why}");
        output.WriteLine(string.Join(", ", Enum.GetValues<Outcome>().Select(outcome =>
            $"{verdicts.Count(verdict => verdict.Outcome == outcome)} {Word(outcome)}")));
        return verdicts.Any(verdict => verdict.Outcome == Outcome.Failed) ? 1 : 0;
    }

    public static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed", Outcome.Failed => "FAILED", Outcome.Declined => "declined", Outcome.NotOffered => "not offered",
        _ => "slow",
    };

    static Target TargetOf(Flags flags)
    {
        var endpoints = flags.All("target").Select(Endpoint.Parse).ToArray();
        var key = flags.Get("oauth-key")?.Split(':');
        if (key is not null and not [_, "A256GCM", _]) throw new FormatException("--oauth-key is KID:A256GCM:BASE64");
        var quota = flags.Get("quota")?.Split(':');
        if (quota is not null and not [_, _, _]) throw new FormatException("--quota is NAME:PASSWORD:N");
        var peers = flags.All("peer").Select(IPAddress.Parse).ToArray();
        return new()
        {
            Name = endpoints[0].ToString(),
            Endpoints = endpoints,
            User = UserOf(flags.Need("user")),
            Realm = flags.Need("realm"),
            SecondUser = flags.Get("second-user") is { } second ? UserOf(second) : null,
            Quota = quota is null ? null : new(new(quota[0], quota[1]), int.Parse(quota[2], CultureInfo.InvariantCulture)),
            Peers = peers.Length > 0 ? peers : [Towards(endpoints[0].Address)],
            DeniedPeer = flags.Get("denied-peer") is { } denied ? IPAddress.Parse(denied) : null,
            TokenKey = key is null ? null : new(key[0], Convert.FromBase64String(key[2]), flags.Get("server-name") ?? flags.Need("realm")),
            FewPorts = flags.Get("few-ports") is { } few ? Endpoint.Parse(few) : null,
            Redirect = flags.Get("redirect") is { } redirect ? Endpoint.Parse(redirect) : null,
            Ipv4Only = flags.Get("ipv4-only") is { } only ? Endpoint.Parse(only) : null,
            Ipv6Only = flags.Get("ipv6-only") is { } onlySix ? Endpoint.Parse(onlySix) : null,
            Ipv6Client = flags.Get("ipv6-client") is { } six ? Endpoint.Parse(six) : null,
            Offers = Enum.TryParse<Needs>(flags.Get("offers") ?? "None", ignoreCase: true, out var offers)
                ? offers
                : throw new FormatException($"--offers '{flags.Get("offers")}' has a word that nobody knows"),
            Patience = TimeSpan.FromSeconds(double.Parse(flags.Get("patience") ?? "5", CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>The address by which this machine talks to another.</summary>
    static IPAddress Towards(IPEndPoint server)
    {
        using var socket = new Transports.UdpPipe(server);
        return socket.Local.Address;
    }

    static User UserOf(string text) => text.Split(':', 2) is [var name, var password]
        ? new(name, password)
        : throw new FormatException($"'{text}' is no NAME:PASSWORD");
}
