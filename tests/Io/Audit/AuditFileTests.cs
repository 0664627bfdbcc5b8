using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Audit;
using Portunus.Turn;

namespace Portunus.Tests.Io.Audit;

/// <summary>The audit as a file of JSON lines.</summary>
public sealed class AuditFileTests : IDisposable
{
    static readonly Instant Now = Instant.FromUnixSeconds(1_800_000_000);

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    string Name => Path.Combine(_folder, "audit.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_event_is_one_line_with_all_that_is_known_and_what_a_name_holds_breaks_no_line()
    {
        using (var audit = AuditFile.Open(Name, NullLogger.Instance))
        {
            var session = Session(1, "two\nlines \"and\" \u001b[31m");
            audit.Record(Now, new TurnAudit.AllocationBegan(session));
            audit.Record(Now, new TurnAudit.AllocationPassed(session.Relay, Subject.OfToken("0badcafe")[0]));
            var traffic = new Traffic { ToPeerPackets = 3, ToPeerBytes = 480, ToClientPackets = 2, ToClientBytes = 320 };
            audit.Record(Now + TimeSpan.FromSeconds(1.5), new TurnAudit.AllocationEnded(session, AllocationEnd.CredentialEnded, traffic));
        }

        var lines = ReadLines(Name);
        Assert.Equal(
            ["allocationBegan", "allocationPassed", "allocationEnded"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal(
            """{"time":"2027-01-15T08:00:01.500Z","event":"allocationEnded","id":"0000000100000001",""" +
            """ "credential":"TimeLimited","name":"two\nlines \u0022and\u0022 \u001B[31m","realm":"example.org",""".TrimStart() +
            """ "transport":"udp","client":"203.0.113.77:4000","server":"198.41.0.4:3478",""".TrimStart() +
            """ "relayed":"198.41.0.4:50001",""".TrimStart() +
            """ "reason":"credentialEnded","seconds":1.5,""".TrimStart() +
            """ "toPeerPackets":3,"toPeerBytes":480,"toClientPackets":2,"toClientBytes":320}""".TrimStart(),
            lines[2].GetRawText());
        Assert.Equal("2027-01-15T08:10:00.000Z", lines[0].GetProperty("expires").GetString());
        Assert.Equal("0badcafe", lines[1].GetProperty("name").GetString());
    }

    [Fact]
    public async Task After_it_was_renamed_and_reopened_it_goes_on_in_a_new_file_and_nothing_is_lost_between()
    {
        using var audit = AuditFile.Open(Name, NullLogger.Instance);
        for (var n = 0; n < 5000; n++)
        {
            audit.Record(Now, new TurnAudit.AllocationBegan(Session(n, "a")));
            if (n != 2500) continue;
            await Eventually.TrueAsync(() => audit.Written > 0);
            File.Move(Name, Name + ".1");
            audit.Reopen();
            // Though nothing else happens.
            await Eventually.TrueAsync(() => File.Exists(Name));
        }

        await Eventually.TrueAsync(() => audit.Written == 5000);
        var (old, fresh) = (ReadLines(Name + ".1"), ReadLines(Name));
        Assert.NotEmpty(old);
        Assert.NotEmpty(fresh);
        Assert.Equal(5000, old.Concat(fresh).Select(line => line.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task What_cannot_be_written_is_counted_and_told_in_the_file_when_it_can_be_again()
    {
        using var audit = AuditFile.Open(Name, NullLogger.Instance);
        // In the place of the file there is a folder now.
        File.Delete(Name);
        Directory.CreateDirectory(Name);
        audit.Reopen();
        await Eventually.TrueAsync(() =>
        {
            audit.Record(Now, new TurnAudit.AllocationBegan(Session(1, "a")));
            return audit.Lost > 2;
        });
        Directory.Delete(Name);
        await Eventually.TrueAsync(() =>
        {
            audit.Record(Now, new TurnAudit.AllocationBegan(Session(2, "b")));
            return audit.Written > 0;
        });
        var lines = ReadLines(Name);
        Assert.Equal("lost", lines[0].GetProperty("event").GetString());
        Assert.Equal(audit.Lost, lines[0].GetProperty("count").GetInt64());
        Assert.Single(lines, line => line.GetProperty("event").GetString() == "lost");
        Assert.Equal("allocationBegan", lines[1].GetProperty("event").GetString());
    }

    [Fact]
    public void A_file_that_cannot_be_written_from_the_start_is_refused_and_a_new_one_is_not_for_everybody()
    {
        Assert.Contains("cannot be written", Assert.Throws<RefusedException>(
            () => AuditFile.Open(Path.Combine(_folder, "none", "audit"), NullLogger.Instance)).Message, StringComparison.Ordinal);
        AuditFile.Open(Name, NullLogger.Instance).Dispose();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Name) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
    }

    static Session Session(int number, string name) => new(
        new(new WorkerId(0), 1, (uint)number), new(IP("203.0.113.77:4000"), IP("198.41.0.4:3478"), ClientTransport.Udp),
        IP("198.41.0.4:50001"), new(CredentialKind.TimeLimited, Bytes.Utf8(name)), Now, Now + TimeSpan.FromSeconds(600))
    {
        Realm = "example.org",
    };

    static TransportAddress IP(string text) => TransportAddress.TryParse(text, out var address) ? address : default;

    internal static JsonElement[] ReadLines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        if (text.Length == 0) return [];
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text[..^1].Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
