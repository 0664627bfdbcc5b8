namespace Portunus.Server.Import;

/// <summary>The options of coturn 4.6 to 4.17 whose fate hangs on nothing else: each with its verdict and the sentence for it.</summary>
static class CoturnOptions
{
    const string NoCli = "there is no such console; the admin listener shows and ends sessions, and drains (docs/operating.md)";
    const string Database = "users, secrets and realms of a data base are not read; write them into turn.users, turn.secrets and " +
        "turn.realms, or let an edge make credentials known (docs/approach2.md)";

    const string Log = "the log goes to standard error, for the service manager to keep";
    const string Process = "the service manager's business";
    const string Tls = "OpenSSL's own choice of TLS 1.2 and 1.3 holds";
    const string Path = "how datagrams are moved is this server's own matter";

    static readonly Dictionary<string, (Verdict Verdict, string Sentence)> All = new(StringComparer.Ordinal)
    {
        ["no-auth"] = (Verdict.Unsafe, "whoever knows the address could relay; every client here has a credential"),
        ["server-relay"] = (Verdict.Unsafe, "peers without a permission would reach clients"),
        ["allow-loopback-peers"] = (Verdict.Unsafe,
            "clients would reach what listens on this machine alone; for a test write \"allowPeers\": [\"127.0.0.0/8\"]"),
        ["tlsv1"] = (Verdict.Unsafe, "TLS before 1.2 is broken"),
        ["dh566"] = (Verdict.Unsafe, "so short a key is broken"),
        ["dh1066"] = (Verdict.Unsafe, "so short a key is broken"),
        ["web-admin"] = (Verdict.Unsafe, "a login page beside the relay; " + NoCli),
        ["web-admin-listen-on-workers"] = (Verdict.Unsafe, "a login page at the relay's own ports; " + NoCli),
        ["prometheus-username-labels"] = (Verdict.Unsafe,
            "names of users in metrics grow without end and tell who calls; they stand in the audit"),
        ["rfc3489-compatibility"] = (Verdict.Unsafe, "answers to RFC 3489 are larger than the questions, and have no use any more"),
        ["stun-backward-compatibility"] = (Verdict.Unsafe, "answers to RFC 3489 are larger than the questions, and have no use any more"),
        ["raw-public-keys"] = (Verdict.Left, "clients check certificates"),

        ["lt-cred-mech"] = (Verdict.Same, "every client has a long-term credential"),
        ["fingerprint"] = (Verdict.Same, "a request with FINGERPRINT is answered with one"),
        ["no-multicast-peers"] = (Verdict.Same, "multicast and broadcast addresses are never peers"),
        ["stale-nonce"] = (Verdict.Same, "a nonce is good for an hour, and bound to its client's address"),
        ["stateless-nonce"] = (Verdict.Same, "nonces need no state"),
        ["no-software-attribute"] = (Verdict.Same, "SOFTWARE says a name and no version, to proved clients alone"),
        ["no-cli"] = (Verdict.Same, "there is no such console"),
        ["no-rfc5780"] = (Verdict.Same, "behaviour discovery is off unless asked for"),
        ["no-stun-backward-compatibility"] = (Verdict.Same, "RFC 3489 is not spoken"),
        ["response-origin-only-with-rfc5780"] = (Verdict.Same, "RESPONSE-ORIGIN is sent with behaviour discovery alone"),
        ["no-dynamic-ip-list"] = (Verdict.Same, "the configuration is the only list"),
        ["no-dynamic-realms"] = (Verdict.Same, "realms stand in the configuration, in turn.realms"),
        ["no-auth-pings"] = (Verdict.Same, "no data base is asked"),
        ["no-tlsv1"] = (Verdict.Same, Tls),
        ["no-tlsv1_1"] = (Verdict.Same, Tls),
        ["check-origin-consistency"] = (Verdict.Same, "ORIGIN chooses the realm of a challenge, and after it the credential alone counts"),
        ["no-stdout-log"] = (Verdict.Same, "standard output says where it listens, and no log"),
        ["syslog"] = (Verdict.Same, Log),
        ["simple-log"] = (Verdict.Same, Log),
        ["new-log-timestamp"] = (Verdict.Same, "times in the log are RFC 3339, in UTC"),
        ["daemon"] = (Verdict.Same, Process),
        ["software-attribute"] = (Verdict.Same, "SOFTWARE says a name and no version, to proved clients alone"),
        ["drop-invalid-packets"] = (Verdict.Same, "what is neither STUN nor ChannelData is dropped and counted"),
        ["allocation-default-address-family"] = (Verdict.Left, "without REQUESTED-ADDRESS-FAMILY it is IPv4, as RFC 8656 §7.2 has it"),
        ["keep-address-family"] = (Verdict.Left, "without REQUESTED-ADDRESS-FAMILY it is IPv4, as RFC 8656 §7.2 has it"),

        ["userdb"] = (Verdict.Left, Database),
        ["db"] = (Verdict.Left, Database),
        ["sql-userdb"] = (Verdict.Left, Database),
        ["psql-userdb"] = (Verdict.Left, Database),
        ["mysql-userdb"] = (Verdict.Left, Database),
        ["mongo-userdb"] = (Verdict.Left, Database),
        ["redis-userdb"] = (Verdict.Left, Database),
        ["secret-key-file"] = (Verdict.Left, Database),
        ["redis-statsdb"] = (Verdict.Left, "write \"audit\": \"audit.jsonl\" for beginnings and ends; /metrics has the sums"),
        ["oauth"] = (Verdict.Left, "its keys stand in the data base; write each into turn.oauthKeys as KID:A256GCM:BASE64"),
        ["rest-api-separator"] = (Verdict.Left, "the separator is ':', as everybody mints it"),
        ["CA-file"] = (Verdict.Left, "clients prove themselves by credentials, not by certificates"),
        ["pkey-pwd"] = (Verdict.Left, "a private key without a password is needed, in a file of its owner: openssl pkey -in key.pem"),
        ["cipher-list"] = (Verdict.Left, Tls),
        ["ec-curve-name"] = (Verdict.Left, Tls),
        ["dh-file"] = (Verdict.Left, Tls),
        ["no-tlsv1_2"] = (Verdict.Left, Tls),
        ["listening-device"] = (Verdict.Left, "write the device's addresses into turn.listen"),
        ["relay-device"] = (Verdict.Left, "write the device's address into turn.relayAddresses"),
        ["udp-self-balance"] = (Verdict.Left, "write \"workers\": 4 for several threads at one port; for several servers \"alternates\""),
        ["multiplex-peer"] = (Verdict.Left, "every allocation has a port of its own"),
        ["multiplex-peer-port"] = (Verdict.Left, "every allocation has a port of its own"),
        ["multiplex-peer-max-peers"] = (Verdict.Left, "every allocation has a port of its own"),
        ["channel-lifetime"] = (Verdict.Left, "RFC 8656 §12 has 600 s"),
        ["permission-lifetime"] = (Verdict.Left, "RFC 8656 §9 has 300 s"),
        ["rfc5766-channel-numbers"] = (Verdict.Left, "channel numbers are those of RFC 8656 §12: 0x4000 to 0x4FFF"),
        ["max-allocate-timeout"] = (Verdict.Left, "a relay that cannot be opened within 2 s is refused"),
        ["secure-stun"] = (Verdict.Left, "Binding is for everybody, and its answers are small"),
        ["stun-only"] = (Verdict.Left, "this is a TURN server; a credential that nobody has makes it one for Binding alone"),
        ["no-stun"] = (Verdict.Left, "clients need Binding to find their own addresses"),
        ["no-udp-relay"] = (Verdict.Left, "UDP relays are what a TURN server is for"),
        ["include-reason-string"] = (Verdict.Left, "proved clients are told reasons, strangers not: that would amplify"),
        ["stateless-nonce-secret"] = (Verdict.Left, "each server draws its own, and draws it anew every hour"),
        ["unauthorized-ratelimit"] = (Verdict.Left, "answers to strangers are small and keep no state"),
        ["unauthorized-ratelimit-rps"] = (Verdict.Left, "answers to strangers are small and keep no state"),
        ["acme-redirect"] = (Verdict.Left, "no HTTP is spoken at the relay's ports"),
        ["respond-http-unsupported"] = (Verdict.Left, "no HTTP is spoken at the relay's ports"),
        ["log-file"] = (Verdict.Left, Log),
        ["syslog-facility"] = (Verdict.Left, Log),
        ["new-log-timestamp-format"] = (Verdict.Left, "times in the log are RFC 3339, in UTC"),
        ["log-binding"] = (Verdict.Left, "Binding requests are counted, not logged: strangers send them"),
        ["drop-invalid-packets-log"] = (Verdict.Left, "they are counted, not logged: strangers send them"),
        ["pidfile"] = (Verdict.Left, Process),
        ["proc-user"] = (Verdict.Left, Process),
        ["proc-group"] = (Verdict.Left, Process),
        ["cli"] = (Verdict.Left, NoCli),
        ["cli-ip"] = (Verdict.Left, NoCli),
        ["cli-port"] = (Verdict.Left, NoCli),
        ["cli-password"] = (Verdict.Left, NoCli),
        ["cli-max-output-sessions"] = (Verdict.Left, NoCli),
        ["web-admin-ip"] = (Verdict.Left, NoCli),
        ["web-admin-port"] = (Verdict.Left, NoCli),
        ["drain-min-allocations"] = (Verdict.Left, "a drain turns new allocations away from its begin; write \"drainSeconds\" for SIGTERM"),
        ["sock-buf-size"] = (Verdict.Left, Path),
        ["udp-gso"] = (Verdict.Left, Path),
        ["udp-recvmmsg"] = (Verdict.Left, Path),
        ["udp-recvmmsg-log"] = (Verdict.Left, Path),
        ["udp-sendmmsg-log"] = (Verdict.Left, Path),
        ["ne"] = (Verdict.Left, Path),
        ["prometheus-path"] = (Verdict.Left, "the path is /metrics"),
        ["prometheus-tls"] = (Verdict.Left, "write admin.certificate beside admin.listen; beyond loopback all is asked for with a token"),
        ["prometheus-cert"] = (Verdict.Left, "write admin.certificate beside admin.listen"),
        ["prometheus-key"] = (Verdict.Left, "write admin.certificateKey beside admin.certificate"),
        ["version"] = (Verdict.Left, "a word for the command line"),
    };

    /// <summary>Those that are no switches: a value that looks like "no" means nothing to them.</summary>
    static readonly HashSet<string> WithValue = new(StringComparer.Ordinal)
    {
        "userdb", "db", "stale-nonce", "ne", "cli-port", "web-admin-port", "sock-buf-size", "channel-lifetime", "permission-lifetime",
        "drain-min-allocations", "unauthorized-ratelimit-rps", "multiplex-peer-port", "multiplex-peer-max-peers", "cli-password",
    };

    /// <summary>Every name that is known here without looking at others.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>False when a line is of another kind.</summary>
    public static bool TryJudge(CoturnLine line, out Verdict verdict, out string sentence)
    {
        (verdict, sentence) = (default, "");
        if (!All.TryGetValue(line.Name, out var found)) return false;
        (verdict, sentence) = found;
        if (verdict == Verdict.Unsafe && line.IsTrue == false) (verdict, sentence) = (Verdict.Same, "it is off here, too");
        if (line is { Name: "stale-nonce", Value: "0" })
            (verdict, sentence) = (Verdict.Unsafe, "a nonce that never ends may be shown again by anybody; here it is good for an hour");
        if (verdict == Verdict.Same && line.IsTrue == false && line.Name.StartsWith("no-", StringComparison.Ordinal))
            (verdict, sentence) = (Verdict.Left, $"it cannot be otherwise here: {found.Sentence}");
        if (WithValue.Contains(line.Name) && found.Verdict == Verdict.Left) (verdict, sentence) = found;
        return true;
    }
}
