using System.Text;
using CsCheck;
using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>Whatever comes from either side: no exception, and nothing that a rule forbids.</summary>
public class HostileTests
{
    static readonly string[] Hostile =
    [
        "Turn-Credential: password;username=\"evil\"", "turn-credential : oauth", "TURN-CREDENTIAL-REQUEST: password",
        "Turn-Credential-Request: password", "Route: <sip:edge.example.net;lr>", "Route: <sip:orig@core.example.net;lr>",
        "Route:", "Path: <sip:evil;lr>", "Via: SIP/2.0/WS x;branch=z9hG4bKx", "Contact: *", "Contact: <sip:a@b>;expires=0",
        "Contact: <sip:a@b>;expires=99999999999", "Expires: 4294967295", "Expires: -1", "Authorization: Bearer evil",
        "P-Asserted-Identity: <sip:evil@evil>", "P-Preferred-Identity: <sip:evil@evil>", "P-Preferred-Identity: <",
        "Authorization: Digest username=\"\0\", realm=\"ims.example.net\", nonce=\"\", uri=\"\", response=\"\"",
        "Authorization: Digest username=\"a\", realm=\"ims.example.net\", nonce=\"\", uri=\"\", response=\"\", "
            + "integrity-protected=\"tls-yes\"",
        "Authorization: Digest", "Record-Route: <sip:evil;lr>", "Proxy-Require: evil", "Require: path", "Privacy: id",
        "To: <urn:service:sos>", "From: \"a\0b\" <sip:alice@ims.example.net>;tag=1", "Reason: \0", "Service-Route: <sip:evil;lr>",
        "P-Associated-URI: <sip:evil@evil>", "P-Associated-URI: garbage", "RSeq: 1", "Max-Forwards: 0", "Max-Forwards: 1",
        "CSeq: 2147483647 REGISTER", "Supported: \0", "Call-ID: \"",
    ];

    static readonly byte[][] Corpus = Record();

    static readonly Gen<(int Target, int Message, int Kind, int A, int B)> Step =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, Corpus.Length - 1], Gen.Int[0, 6], Gen.Int[0, 65_535], Gen.Int[0, 65_535]);

    [Fact]
    public void Any_messages_from_any_side_break_no_rule() => Step.Array[1, 60].Sample(
        steps =>
        {
            var home = Begin(out _, out _);
            var waiting = new Dictionary<ulong, SipMessage>();
            foreach (var step in steps) Do(home, waiting, step);
            home.Pass(TimeSpan.FromSeconds(3600));
        },
        iter: 200);

    /// <param name="home">The system.</param>
    /// <param name="waiting">The last request that each flow got and may answer.</param>
    /// <param name="step">Who does what.</param>
    static void Do(Home home, Dictionary<ulong, SipMessage> waiting, (int Target, int Message, int Kind, int A, int B) step)
    {
        var bytes = Mutate(Corpus[step.Message], step.Kind, step.A, step.B);
        if (step.Target == 6)
        {
            if (step.A % 4 == 0) home.Close(new((ulong)(step.B % 4)));
            else home.Pass(TimeSpan.FromSeconds(step.B % 40));
        }
        else if (step.Target == 5)
        {
            var flow = (ulong)(step.A % 3) + 1;
            if (!waiting.TryGetValue(flow, out var request)) return;
            var response = SipMessage.Response(request, 100 + (step.B % 600), toTag: "t").ToBytes();
            var mutant = Mutate(response, step.Kind, step.A, step.B);
            if (SipMessage.TryParse(mutant, out var answer, out _)) home.ToEdge(new(flow), answer);
        }
        else if (SipMessage.TryParse(bytes, out var message, out _))
        {
            if (step.Target < 3) home.ToEdge(new((ulong)step.Target + 1), message);
            else if (step.Target == 3) home.ToCore(message);
            else home.FromCore(message);
        }

        AssertLaws(home, waiting);
    }

    static void AssertLaws(Home home, Dictionary<ulong, SipMessage> waiting)
    {
        foreach (var (toCore, message) in home.Mw)
        {
            if (!toCore) continue;
            Assert.False(message.Has("Turn-Credential") || message.Has("Turn-Credential-Request"), message.ToString());
            if (DigestCredentials.Of(message) is { } credentials)
            {
                var claim = Assert.Single(credentials.Parameters, one => one.Is("integrity-protected")).Value;
                Assert.True(claim == "tls-pending" || (claim == "tls-yes" && message.Vias.Count == 1));
            }

            if (message.IsResponse) continue;
            foreach (var asserted in message.Addresses(HeaderName.PAssertedIdentity))
                Assert.EndsWith($"@{Home.Domain}", asserted.Uri.AddressOfRecord);
        }

        home.Mw.Clear();
        for (ulong flow = 1; flow < 4; flow++)
        {
            foreach (var message in home.Take(new(flow)))
            {
                if (message.IsRequest && message.Method != SipMethod.Ack) waiting[flow] = message;
                Assert.False(message.Has("Turn-Credential-Request"));
                if (!message.Has("Turn-Credential")) continue;
                Assert.Equal(1, message.Count("Turn-Credential"));
                Assert.DoesNotContain("evil", message.Get("Turn-Credential"));
                var isAnswer = message is { Status: >= 200 and < 300, Method: SipMethod.Register or SipMethod.Options };
                Assert.True(isAnswer || message is { IsRequest: true, Method: SipMethod.Invite }, message.ToString());
            }
        }
    }

    /// <summary>Messages of a whole day: registrations, a call, its dialog, as they crossed each side, tokens and all.</summary>
    static byte[][] Record()
    {
        var home = Begin(out var alice, out var bob);
        var all = new List<SipMessage>();
        all.Add(alice.Registering(600, ("Turn-Credential-Request", "password")));
        all.Add(alice.Registering(0));
        var invite = alice.Request(SipMethod.Invite, $"sip:bob@{Home.Domain}");
        all.Add(invite);
        alice.Send(invite);
        var called = bob.Called();
        all.Add(called);
        all.Add(bob.Respond(called, 180));
        alice.Take();
        all.Add(bob.Respond(called, 200));
        var confirmed = alice.Answered();
        all.Add(confirmed);
        string[] within = [SipMethod.Ack, SipMethod.Bye, SipMethod.Update, SipMethod.Prack, SipMethod.Invite];
        all.AddRange(within.Select(method => alice.Within(method, confirmed)));
        all.AddRange(within.Skip(1).Select(method => bob.Within(method, called)));
        string[] alone = [SipMethod.Message, SipMethod.Options, SipMethod.Subscribe];
        all.AddRange(alone.Select(method => alice.Request(method, $"sip:bob@{Home.Domain}")));
        all.Add(alice.Request(SipMethod.Options, $"sip:{Home.Domain}", ("Turn-Credential-Request", "password")));
        all.Add(SipMessage.Cancel(invite));
        all.AddRange(home.Mw.Select(one => one.Message));
        return [.. all.Select(one => one.ToBytes())];
    }

    static Home Begin(out Browser alice, out Browser bob)
    {
        var home = new Home();
        (alice, bob) = (new(home, 1, "alice"), new(home, 2, "bob"));
        alice.RegisterAsking();
        bob.RegisterAsking();
        return home;
    }

    static byte[] Mutate(byte[] original, int kind, int a, int b)
    {
        var lines = Encoding.Latin1.GetString(original).Split("\r\n").ToList();
        var line = 1 + (a % (lines.Count - 1));
        switch (kind)
        {
            case 0:
                return original;
            case 1:
                var flipped = (byte[])original.Clone();
                flipped[a % flipped.Length] = (byte)b;
                return flipped;
            case 2:
                lines.RemoveAt(line);
                break;
            case 3:
                lines.Insert(line, lines[1 + (b % (lines.Count - 1))]);
                break;
            case 4:
                var other = Encoding.Latin1.GetString(Corpus[b % Corpus.Length]).Split("\r\n");
                lines[line] = other[a % other.Length];
                break;
            default:
                var hostile = Hostile[b % Hostile.Length];
                var name = hostile[..(hostile.IndexOf(':') + 1)];
                if (kind == 6) lines.RemoveAll(one => one.StartsWith(name, StringComparison.OrdinalIgnoreCase));
                lines.Insert(1, hostile);
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
    }
}
