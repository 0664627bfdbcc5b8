using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Server.Commands;

/// <summary>The flags that the commands of <c>portunus wic</c> share, and the plan that they make.</summary>
static class WicSettings
{
    public static readonly Option<bool> Json = Flag.Switch("--json", "Print one JSON object at the end instead of lines.");

    static readonly Option<Uri?> Server = Flag.One<Uri?>(
        "--server", "URL", "W2 of the eP-CSCF: wss://HOST/w2, or ws://127.0.0.1:8080/w2 for portunus up.",
        WicFlags.ReadServer, () => null);

    static readonly Option<SipUri?> User = Flag.One<SipUri?>(
        "--user", "NAME@DOMAIN", "Who signs in: the public identity.", WicFlags.ReadIdentity, () => null);

    static readonly Option<string?> PrivateUser = Flag.One<string?>(
        "--private-user", "NAME@DOMAIN", "The private identity, where it is not the same.", Flag.Text, () => null);

    static readonly Option<string?> Password = Flag.One<string?>(
        "--password", "@FILE|env:NAME|PASSWORD", "What Digest challenges are answered with.", Flag.Text, () => null);

    static readonly Option<string?> Token = Flag.One<string?>(
        "--token", "@FILE|env:NAME|TOKEN", "A bearer token in place of a password, sent with every request.",
        Flag.Text, () => null);

    static readonly Option<string> Credential = Flag.One(
        "--credential", "password|oauth|waf|none",
        "The kind of TURN credential: password and oauth come from the edge, waf from the WAF for the server of --turn.",
        WicFlags.ReadCredential, () => TurnCredential.Password);

    static readonly Option<string?> Ca = Flag.One<string?>(
        "--ca", "PEM", "Trust these certificates, and what they have signed, in place of the system's.", Flag.Text, () => null);

    static readonly Option<bool> Insecure = Flag.Switch(
        "--insecure", "Believe any certificate; only of a server on this machine.");

    public static readonly Option<ImmutableArray<TurnChoice>> TurnServer = Flag.Many(
        "--turn", "URI|auto[:DOMAIN]",
        "A TURN server, in place of the edge's; auto: find one where those named give no relay (RFC 8155). May be repeated.",
        WicFlags.ReadTurn);

    public static readonly Option<ImmutableArray<IPNetwork>> Trusted = Flag.Many(
        "--turn-trust", "NETWORK",
        "Show found servers of this network a --turn-password or --turn-secret, too. May be repeated.",
        WicFlags.ReadNetwork);

    static readonly Option<string?> TurnUser = Flag.One<string?>(
        "--turn-user", "NAME", "The name for --turn without --server.", Flag.Text, () => null);

    static readonly Option<string?> TurnPassword = Flag.One<string?>(
        "--turn-password", "@FILE|env:NAME|PASSWORD", "The password that goes with --turn-user.", Flag.Text, () => null);

    static readonly Option<string?> TurnSecret = Flag.One<string?>(
        "--turn-secret", "@FILE|env:NAME|[HASH:]SECRET", "The server's shared secret: a time-limited credential is made of it.",
        Flag.Text, () => null);

    static readonly Option<string?> TurnToken = Flag.One<string?>(
        "--turn-token", "@FILE|env:NAME|JSON", "An access token as token mint prints it (RFC 7635).", Flag.Text, () => null);

    static readonly Option<string?> TurnServerName = Flag.One<string?>(
        "--turn-server-name", "NAME",
        "The server that --turn-token was made for (without it, the host of --turn); with --credential waf, fetch at once.",
        TurnFlags.ReadServerName, () => null);

    public static readonly Option<IPEndPoint?> NameServer = Flag.One<IPEndPoint?>(
        "--dns", "IP[:PORT]", "The name server to ask, in place of the system's.", WicFlags.ReadNameServer, () => null);

    static readonly Option<IPAddress?> From = Flag.One<IPAddress?>(
        "--from", "IP", "The address of this machine to relay from, where it has several; else the system chooses.",
        WicFlags.ReadIp, () => null);

    static readonly Option<int> Seconds = Flag.One(
        "--seconds", "N", "How long packets are sent.", WicFlags.ReadSeconds, () => 10);

    static readonly Option<int> Rate = Flag.One(
        "--rate", "N", "Packets of 160 bytes a second.", WicFlags.ReadRate, () => 50);

    public static IReadOnlyList<Option> SignIn { get; } = 
        [Server, User, PrivateUser, Password, Token, .. WicAccess.Flags, Credential, Ca, Insecure];

    public static IReadOnlyList<Option> Turn { get; } = 
        [TurnServer, Trusted, TurnUser, TurnPassword, TurnSecret, TurnToken, TurnServerName, NameServer, From];

    public static IReadOnlyList<Option> Media { get; } = [Seconds, Rate];

    /// <summary>Until a site has lent an identity (RFC 3323 §4.1.1.3).</summary>
    static SipUri Nobody { get; } = SipUri.Of("anonymous", "anonymous.invalid");

    static IReadOnlyList<Option<string?>> Credentials { get; } = [TurnUser, TurnPassword, TurnSecret, TurnToken];

    public static bool NamesAServer(ParseResult line) =>
        line.GetValue(Server) is not null || !line.GetValue(TurnServer).IsDefaultOrEmpty;

    /// <param name="line">With the flags of the command; those that it does not have are as if they were not given.</param>
    /// <param name="needsEdge">Whether TURN servers alone will not do.</param>
    /// <exception cref="WrongUsageException">The flags do not go together.</exception>
    /// <exception cref="RefusedException">A file is not there.</exception>
    public static WicPlan Read(ParseResult line, bool needsEdge)
    {
        IReadOnlyList<TurnChoice> choices = line.GetValue(TurnServer) is { IsDefault: false } given ? given : [];
        var plan = new WicPlan
        {
            Uris = [.. choices.Select(choice => choice.Uri).OfType<TurnUri>()],
            Discovery = ReadDiscovery(line, choices),
            Dns = new(line.GetValue(NameServer)),
            From = line.GetValue(From),
            Media = ReadMedia(line),
        };
        var access = WicAccess.Read(line, line.GetValue(Token), line.GetValue(Credential) == WicFlags.ByWaf);
        if (access is { RelaysByWaf: true })
        {
            if (choices.Count == 0)
                throw new WrongUsageException("With --credential waf name the TURN server: --turn turn:HOST.");
            access = access with { TurnServer = line.GetValue(TurnServerName) };
        }

        if (line.GetValue(Server) is { } server) return ReadSignIn(line, plan, server, access);
        if (access is { RelaysByWaf: true } && !needsEdge && line.GetValue(User) is null && line.GetValue(Password) is null)
            return plan with { Tokens = access, Trust = ReadTrust(line, access.Waf!) };
        if (access is not null || line.GetValue(User) is not null || line.GetValue(Password) is not null
            || line.GetValue(Token) is not null)
            throw new WrongUsageException(
                "--user, --password, --token, --waf and --wwsf are for an eP-CSCF; name it with --server URL.");
        if (needsEdge)
            throw new WrongUsageException("Sign in where? Write --server wss://HOST/w2 --user NAME@DOMAIN --password @FILE.");
        return choices.Count > 0
            ? plan with { Access = ReadAccess(line, plan.Uris) }
            : throw new WrongUsageException("Which server? Write --server wss://HOST/w2 for an eP-CSCF, or --turn turn:HOST.");
    }

    /// <summary>Null without the word. A name that is an address of a user says its domain (RFC 8155 §4.1.2).</summary>
    static DiscoveryPlan? ReadDiscovery(ParseResult line, IReadOnlyList<TurnChoice> choices)
    {
        var trusted = line.GetValue(Trusted) is { IsDefault: false } networks ? networks : [];
        if (choices.All(choice => choice.Uri is not null))
            return trusted.Length == 0
                ? null
                : throw new WrongUsageException("--turn-trust is for servers that are found; write --turn auto with it.");
        var name = line.GetValue(TurnUser);
        var plan = new DiscoveryPlan
        {
            Domains = [.. choices.Select(choice => choice.Domain).OfType<string>()], Trust = new([.. trusted]),
        };
        return plan.With(name?.Contains('@', StringComparison.Ordinal) == true ? name[(name.LastIndexOf('@') + 1)..] : null);
    }

    static MediaPlan ReadMedia(ParseResult line)
    {
        // A command without packets has neither flag.
        var (seconds, rate) = (Math.Max(line.GetValue(Seconds), 1), Math.Max(line.GetValue(Rate), 1));
        return new(seconds * rate, TimeSpan.FromSeconds(1) / rate);
    }

    static WicPlan ReadSignIn(ParseResult line, WicPlan plan, Uri server, AccessPlan? access)
    {
        if (Credentials.Any(flag => line.GetValue(flag) is not null))
            throw new WrongUsageException(
                $"With --server the credential is the edge's; leave out {string.Join(", ", Credentials.Select(flag => flag.Name))}.");
        var (password, token) = (line.GetValue(Password), line.GetValue(Token));
        // A pool lends the identity.
        var identity = line.GetValue(User) ?? (access?.Site is not null
            ? Nobody
            : throw new WrongUsageException("Who signs in? Write --user NAME@DOMAIN."));
        // In scenario 1 a WAF may still be asked for TURN tokens: it says no.
        var ways = (password is null ? 0 : 1) + (token is null && access is null ? 0 : 1);
        if (ways != 1 && access is not { RelaysByWaf: true })
            throw new WrongUsageException("Give one of --password @FILE, --token @FILE, --waf URL and --wwsf URL.");
        if (server.Scheme == "ws" && !server.IsLoopback)
        {
            if (password is null) throw new WrongUsageException("The token would be sent in clear; write wss:// in --server.");
            Warnings.Write($"{server} is not encrypted, and the TURN credential is read on the way; write wss:// if you can.");
        }

        var kind = line.GetValue(Credential);
        return plan with
        {
            Server = server,
            Trust = ReadTrust(line, server, access?.Waf, access?.Site),
            Tokens = access,
            Agent = new()
            {
                Identity = identity,
                PrivateIdentity = line.GetValue(PrivateUser) ?? $"{identity.User}@{identity.Host}",
                Password = password is null ? null : SecretText.Read("--password", password, Warnings.Write),
                Token = token is null || access is not null ? null : WicAccess.ReadToken(token),
                CredentialRequest = kind is "none" or WicFlags.ByWaf ? null : kind,
            },
        };
    }

    static W2Trust ReadTrust(ParseResult line, params IEnumerable<Uri?> servers)
    {
        var file = line.GetValue(Ca);
        if (!line.GetValue(Insecure)) return file is null ? W2Trust.System : W2Trust.Of("--ca", file);
        if (file is not null)
            throw new WrongUsageException("--insecure believes any certificate, --ca only some; leave one of them out.");
        return servers.All(server => server?.IsLoopback != false)
            ? W2Trust.Any
            : throw new WrongUsageException("--insecure is for a server on this machine; give others' authority with --ca PEM.");
    }

    static TurnAccess ReadAccess(ParseResult line, IReadOnlyList<TurnUri> uris)
    {
        var (user, password, secret) = (line.GetValue(TurnUser), line.GetValue(TurnPassword), line.GetValue(TurnSecret));
        var token = line.GetValue(TurnToken);
        if (new[] { password, secret, token }.Count(given => given is not null) > 1)
            throw new WrongUsageException("Of --turn-password, --turn-secret and --turn-token give one.");
        if (token is not null)
        {
            var name = line.GetValue(TurnServerName) ?? uris.FirstOrDefault()?.Host
                ?? throw new WrongUsageException("Whom was --turn-token made for? Write --turn-server-name NAME.");
            return new(uris, new() { Token = IssuedTokenText.Read("--turn-token", token, name) });
        }

        if (secret is not null)
        {
            var minted = Mint(Secrets.Read(SecretText.Read("--turn-secret", secret, Warnings.Write)), user, line);
            return new(uris, new() { Username = minted.Username, Password = minted.Password })
            {
                IsGuessable = true,
            };
        }

        if (user is null || password is null)
            throw new WrongUsageException(
                "--turn needs a credential: --turn-user NAME --turn-password @FILE, --turn-secret @FILE or --turn-token @FILE.");
        return new(uris, new() { Username = user, Password = SecretText.Read("--turn-password", password, Warnings.Write) })
        {
            IsGuessable = true,
        };
    }

    /// <summary>
    /// Good for as long as the packets, and a while: a relay that is there is refreshed with it after its expiry, too.
    /// </summary>
    static TimeLimitedCredential Mint(SharedSecret secret, string? user, ParseResult line)
    {
        var expiry = SystemClock.Now.UnixSeconds + line.GetValue(Seconds) + 600;
        user ??= new SystemRandom().NextToken(TimeLimitedCredential.FewestOpaque);
        return TimeLimitedCredential.MintFor(secret, expiry, user);
    }
}
