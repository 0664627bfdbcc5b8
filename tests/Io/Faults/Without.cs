using System.Diagnostics;

namespace Portunus.Tests.Io.Faults;

/// <summary>Programs behind which a process lacks something, as root as well as as anybody else.</summary>
static class Without
{
    // A root without them is refused like anybody: ports below 1024, and files that he may not read by their mode.
    const string Capabilities = "-net_bind_service,-dac_override,-dac_read_search";

    // Of a network of its own: IPv6 is switched off before loopback comes up (SIOCSIFFLAGS; IFF_UP and IFF_RUNNING).
    const string Script = """
        for each in all default lo; do echo 1 > /proc/sys/net/ipv6/conf/$each/disable_ipv6; done 2>/dev/null
        perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0); ioctl(S, 0x8914, pack("a16 s x22", "lo", 0x41)) or die "lo: $!"' || exit 99
        [ ! -s /proc/self/net/if_inet6 ] || exit 98
        exec "$@"
        """;

    static readonly string[][] Networks = [["unshare", "--net"], ["unshare", "--map-root-user", "--net"]];

    public static string[] Privileges { get; } = Environment.IsPrivilegedProcess
        ? ["setpriv", "--inh-caps", Capabilities, "--bounding-set", Capabilities]
        : [];

    /// <summary>Null where the system lets nobody have a network of his own (a container without user namespaces).</summary>
    public static string[]? IPv6 { get; } = Networks.Select(network => (string[])[.. network, "sh", "-c", Script, "sh"])
        .FirstOrDefault(before => Run([.. before, "true"]) == 0);

    static int Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
