using System.Collections.Immutable;
using System.CommandLine;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Server.Commands;

/// <summary><c>portunus turn</c>: the TURN server alone.</summary>
static class TurnCommand
{
    static readonly Option<ImmutableArray<TurnListener>> Listen = Flag.Many(
        "--listen", "[udp:|tcp:|tls:|dtls:]IP:PORT", "Where clients are heard; port 0 takes a free one. Once for each address.",
        TurnFlags.ReadListener, required: true);

    static readonly Option<string?> Certificate = Flag.One<string?>(
        "--certificate", "PEM", "The certificate for tls: and dtls:, then the intermediate ones; read again upon SIGHUP.",
        Flag.Text, () => null);

    static readonly Option<string?> CertificateKey = Flag.One<string?>(
        "--certificate-key", "PEM", "Its private key; when left out, the key is in the certificate's file.", Flag.Text, () => null);

    static readonly Option<ImmutableArray<RelayAddress>> Relay = Flag.Many(
        "--relay-address", "IP[=PUBLIC]",
        "An address of this machine that peers reach, once for each family; behind a NAT, with what peers know it by.",
        TurnFlags.ReadRelayAddress, required: true);

    static readonly Option<PortRange> RelayPorts = Flag.One(
        "--relay-ports", "FIRST-LAST", "Ports for relays.", TurnFlags.ReadPorts, () => PortRange.Dynamic);

    static readonly Option<string> Realm = Flag.One(
        "--realm", "NAME", "The realm of all credentials, best the domain of the operator.", TurnFlags.ReadRealm);

    static readonly Option<ImmutableArray<string>> User = Flag.Many(
        "--user", "@FILE|env:NAME|NAME:PASSWORD",
        "A user with a password that does not expire; may be repeated.", Flag.Text);

    static readonly Option<ImmutableArray<string>> Secret = Flag.Many(
        "--secret", "@FILE|env:NAME|[HASH:]SECRET",
        "A secret for time-limited credentials, of sha1 (without a prefix), sha256, sha384 or sha512. Up to four, tried in order.",
        Flag.Text);

    static readonly Option<ImmutableArray<string>> OAuthKey = Flag.Many(
        "--oauth-key", "@FILE|env:NAME|KID:ALG:BASE64",
        "A key under which access tokens open (RFC 7635), of A256GCM or A128GCM; may be repeated.", Flag.Text);

    static readonly Option<string?> ServerName = Flag.One<string?>(
        "--server-name", "NAME", "For which access tokens are made; the realm unless given.",
        TurnFlags.ReadServerName, () => null);

    static readonly Option<bool> StrictExpiry = Flag.Switch(
        "--strict-expiry", "The expiry of a time-limited credential ends what runs on it, as a token's does.");

    static readonly Option<ImmutableArray<(string Name, CredentialLimits Limits)>> Limits = Flag.Many(
        "--limits", "NAME:LIMIT,...",
        "Limits of names that end with .NAME: max-allocations=N, max-kbps=N, max-pps=N, peer=CIDR for each range. May be repeated.",
        Profiles.Read);

    static readonly Option<string?> TokenLimits = Flag.One<string?>(
        "--token-limits", "NAME", "The name of --limits that every access token has; none unless given.", Flag.Text, () => null);

    static readonly Option<ImmutableArray<AddressRange>> AllowPeer = Flag.Many(
        "--allow-peer", "CIDR",
        "Takes a range out of the special-purpose ranges, which are refused as peers.", TurnFlags.ReadRange);

    static readonly Option<ImmutableArray<AddressRange>> DenyPeer = Flag.Many(
        "--deny-peer", "CIDR", "Refuses a range as peers, whatever is allowed.", TurnFlags.ReadRange);

    static readonly Option<int> Workers = Flag.One(
        "--workers", "N", "Threads, each with its own sockets; more than one only on Linux.", TurnFlags.ReadWorkers, () => 1);

    // Kept as it is written, so that --help shows the default as one writes it.
    static readonly Option<string> Path = Flag.One(
        "--datapath", "auto|portable|linux",
        "What the sockets stand on: epoll and batches where Linux has them (auto), or .NET's own sockets.",
        text => TurnFlags.ReadDataPath(text) is DataPath.Auto ? TurnFlags.AutoPath : text, () => TurnFlags.AutoPath);

    static readonly Option<bool> Mobility = Flag.Switch(
        "--mobility", "Clients that ask for it keep their allocation when their address changes (RFC 8016).");

    static readonly Option<bool> TcpRelay = Flag.Switch(
        "--tcp-relay", "Clients that come by tcp: or tls: may have TCP between their relayed addresses and peers (RFC 6062).");

    public static Command Create()
    {
        var command = new Command("turn", "Run a TURN server (RFC 8656).")
        {
            Listen, Certificate, CertificateKey, Relay, RelayPorts, Realm, User, Secret, OAuthKey, ServerName, StrictExpiry, Limits,
            TokenLimits, AllowPeer, DenyPeer, TcpRelay, Mobility, Workers, Path, AdminFlags.Listen, AdminFlags.Token,
        };
        foreach (var flag in QuotaFlags.All.Concat(ConnectionFlags.All).Concat(OperateFlags.All)) command.Add(flag);
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var stop = new Stop();
        var verifier = ReadCredentials(line);
        var settings = new TurnNodeSettings
        {
            Listen = line.GetValue(Listen),
            Certificate = ReadCertificate(line),
            Workers = line.GetValue(Workers),
            DataPath = TurnFlags.ReadDataPath(line.GetValue(Path)!),
            Rules = QuotaFlags.Apply(line, new()
            {
                Realm = line.GetRequiredValue(Realm),
                Relays = line.GetValue(Relay),
                RelayPorts = line.GetValue(RelayPorts),
                AllowPeers = line.GetValue(AllowPeer),
                DenyPeers = line.GetValue(DenyPeer),
                Mobility = line.GetValue(Mobility),
                TcpRelay = line.GetValue(TcpRelay),
            }),
        };
        var twice = settings.Listen.Where(listener => listener.Address.Port != 0).CountBy(listener => listener)
            .FirstOrDefault(pair => pair.Value > 1);
        if (twice.Value > 1) throw new WrongUsageException($"--listen: {twice.Key} is given twice; leave one out.");
        settings = ConnectionFlags.Apply(line, OperateFlags.Apply(line, settings));
        using var logs = Logs.ToStandardError(OperateFlags.LevelOf(line));
        using var admin = AdminFlags.Bind(line);
        if (admin is not null) settings = settings with { Rules = settings.Rules with { OwnListeners = admin.Addresses } };
        using var node = TurnNode.Start(settings, verifier, logs.CreateLogger("Portunus.Turn"));
        await using var adminNode = admin is null ? null : await admin.ServeAsync(node, logs.Factory);
        using var hangup = Hangup.Do(() => ReadAgainAsync(line, node));
        foreach (var listener in node.Listening) Console.WriteLine($"listening {listener}");
        foreach (var address in admin?.Addresses ?? []) Console.WriteLine($"listening admin {address}");
        Console.WriteLine("ready");
        await Task.WhenAny(stop.Task, node.Ended);
        await node.FarewellAsync();
        return node.Ended.IsFaulted
            ? throw new RefusedException("A worker failed, so all were stopped; start the server again.", node.Ended.Exception)
            : CommandLine.Success;
    }

    /// <summary>Upon SIGHUP: what stands in the files of secret flags may be another by now, and the audit may have been renamed.</summary>
    static async Task ReadAgainAsync(ParseResult line, TurnNode node)
    {
        node.RefreshFiles();
        try
        {
            await node.UseAsync(ReadCredentials(line));
            Warnings.Say("secrets, users and keys were read again.");
        }
        catch (Exception e) when (e is WrongUsageException or RefusedException or FormatException)
        {
            Warnings.Write($"secrets, users and keys stay as they were: {e.Message}");
        }
    }

    static TurnCertificateFiles? ReadCertificate(ParseResult line)
    {
        var isNeeded = line.GetValue(Listen).Any(listener => listener.IsSecure);
        var file = line.GetValue(Certificate);
        if (isNeeded && file is null)
            throw new WrongUsageException("--listen tls: and dtls: need a certificate; write --certificate PEM, too.");
        return file is null ? null : new(file, line.GetValue(CertificateKey) ?? file);
    }

    static CredentialVerifier ReadCredentials(ParseResult line)
    {
        if (line.GetValue(User).IsEmpty && line.GetValue(Secret).IsEmpty && line.GetValue(OAuthKey).IsEmpty)
            throw new WrongUsageException("Nobody could use this server; give at least one --user, --secret or --oauth-key.");
        var twice = line.GetValue(Limits).CountBy(limits => limits.Name).FirstOrDefault(pair => pair.Value > 1);
        if (twice.Value > 1) throw new WrongUsageException($"--limits: {twice.Key} is given twice; leave one out.");
        var limits = line.GetValue(TokenLimits);
        if (limits is not null && line.GetValue(Limits).All(known => known.Name != limits))
            throw new WrongUsageException($"--token-limits: nobody defined {limits}; write --limits {limits}:max-allocations=4, too.");
        var sources = new CredentialSources
        {
            Realm = line.GetRequiredValue(Realm),
            Users = [.. Texts(User).Select(TurnFlags.ReadUser)],
            Secrets = [.. Texts(Secret).Select(text => Secrets.Read(text))],
            TokenKeys = [.. line.GetValue(OAuthKey).Select(value => new TokenKeySource(TokenKeyText.Read("--oauth-key", value), limits))],
            ServerName = line.GetValue(ServerName),
            StrictExpiry = line.GetValue(StrictExpiry),
            Profiles = line.GetValue(Limits).ToImmutableDictionary(limits => limits.Name, limits => limits.Limits),
        };
        try
        {
            return new(sources);
        }
        catch (ArgumentException refused)
        {
            throw new RefusedException(refused.Message, refused);
        }

        IEnumerable<string> Texts(Option<ImmutableArray<string>> flag) =>
            line.GetValue(flag).Select(value => SecretText.Read(flag.Name, value, Warnings.Write));
    }
}
