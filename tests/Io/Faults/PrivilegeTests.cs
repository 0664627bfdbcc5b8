using System.Globalization;
using System.Runtime.Versioning;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Transport;

namespace Portunus.Tests.Io.Faults;

/// <summary>What the process may not have: at its start one sentence and 1, at a reload what was before stays.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivilegeTests : IDisposable
{
    const int SigHup = 1;

    readonly PemFiles _files = PemFiles.Create();
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-faults-");

    public void Dispose()
    {
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.Delete(recursive: true);
        _files.Dispose();
    }

    [Theory]
    [InlineData("--listen", "udp:127.0.0.1:79", "UDP port 79 is for privileged users; write one from 1024 on with --listen, or grant")]
    [InlineData("--listen", "tcp:127.0.0.1:79", "TCP port 79 is for privileged users; write one from 1024 on with --listen, or grant")]
    [InlineData("--relay-ports", "79-90", "Relay port 79 is for privileged users; let the relay ports begin at 1024, or grant")]
    public void A_port_for_privileged_users_is_1_and_says_what_to_write_or_grant(string flag, string value, string says)
    {
        string[] arguments = [.. FaultyServer.Least, "--listen", "127.0.0.1:0", flag, value];
        // Docker lets anybody in a container have every port: then there is nothing to refuse.
        if (FirstUnprivileged > 79)
        {
            var (code, output, errors) = PortunusProcess.RunBehind(Without.Privileges, arguments);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains(says, Sentence(errors), StringComparison.Ordinal);
        }
        else
        {
            using var server = PortunusProcess.ServeBehind(Without.Privileges, arguments);
            Assert.Equal(0, server.Terminate());
        }
    }

    [Fact]
    public void A_certificate_or_key_that_may_not_be_read_is_1_and_says_so()
    {
        foreach (var file in (string[])[_files.Certificate, _files.Key])
        {
            var mode = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, UnixFileMode.None);
            var (code, output, errors) = PortunusProcess.RunBehind(Without.Privileges, [.. Secure, "--listen", "tls:127.0.0.1:0"]);
            File.SetUnixFileMode(file, mode);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains($"{file} cannot be read by user '", Sentence(errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_audit_file_that_may_not_be_written_is_1_and_says_so()
    {
        Forbid();
        var audit = Path.Combine(_folder.FullName, "audit");
        var (code, output, errors) =
            PortunusProcess.RunBehind(Without.Privileges, [.. FaultyServer.Least, "--listen", "127.0.0.1:0", "--audit", audit]);
        Assert.Equal((1, ""), (code, output));
        var says = $"The audit file {audit} cannot be written; name one in a folder of this user.";
        Assert.Contains(says, Sentence(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_reload_what_may_not_be_read_stays_as_it_was_and_service_goes_on()
    {
        var audit = Path.Combine(_folder.FullName, "audit");
        using var server = PortunusProcess.ServeBehind(
            Without.Privileges, [.. Secure, "--listen", "udp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0", "--audit", audit]);
        using var call = new LivingCall(server.Client());
        File.Move(audit, audit + ".1");
        Forbid();
        File.SetUnixFileMode(_files.Key, UnixFileMode.None);
        server.Tell(SigHup);
        await server.SaysAsync("The certificate for clients stays as it was: ");
        await server.SaysAsync($"{_files.Key} cannot be read by user '");
        await server.SaysAsync($"The audit file {audit} cannot be written: ");
        call.GoesOn();
        using var late = server.Client(ClientTransport.Tls);
        Assert.Null(late.Allocate().Error);
        Assert.Equal(0, server.Terminate());
    }

    string[] Secure => [.. FaultyServer.Least, "--certificate", _files.Certificate, "--certificate-key", _files.Key];

    static int FirstUnprivileged => int.Parse(
        File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    void Forbid() => File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);

    /// <summary>What is said beside warnings is one line.</summary>
    static string Sentence(string errors) =>
        Assert.Single(errors.Split('\n'), line => line.StartsWith("portunus: ", StringComparison.Ordinal)
            && !line.StartsWith("portunus: warning:", StringComparison.Ordinal));
}
