using System.Net;
using System.Net.Sockets;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>No check passes whatever the server does.</summary>
public sealed class WrongServerTests
{
    static readonly Check[] Quick = [.. Check.All
        .Where(check => (check.Needs & (Needs.Slow | Needs.Stream | Needs.Tls | Needs.Dtls)) == 0)];

    [Fact]
    public void Every_check_fails_where_nobody_answers() => MustFail(_ => null);

    [Fact]
    public void Every_check_of_streams_fails_where_connections_are_taken_and_nobody_answers()
    {
        using var server = new WrongServer(_ => null);
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = server.Target with { Endpoints = [new(Transport.Tcp, (IPEndPoint)listener.LocalEndpoint)] };
        var verdicts = Runner.Run(target, Check.All.Where(check => check.Needs.HasFlag(Needs.Stream)), slow: false);
        listener.Dispose();
        Assert.NotEmpty(verdicts);
        Assert.DoesNotContain(verdicts, verdict => verdict.Outcome == Outcome.Passed);
    }

    /// <summary>599, which no RFC knows.</summary>
    [Fact]
    public void Every_check_fails_where_each_datagram_is_refused() =>
        MustFail(bytes => Reply(bytes, Class.Error, reply => reply.Add(Attr.ErrorCode, 0x00000563u)));

    [Fact]
    public void Every_check_but_those_of_a_header_fails_where_each_datagram_is_granted() => MustFail(
        bytes => Reply(bytes, Class.Success, _ => { }),
        // They ask for success and for nothing else.
        "Messages.A_success_response_has_the_magic_cookie_and_the_transaction_id_of_its_request",
        "Messages.Whatever_the_padding_of_a_request_holds_is_ignored",
        "Messages.An_unknown_comprehension_optional_attribute_is_ignored",
        "Binding.A_FINGERPRINT_is_not_needed_and_a_right_one_is_taken",
        // FINGERPRINT in a response is nobody's duty.
        "Binding.A_FINGERPRINT_of_a_response_is_its_last_attribute_and_right");

    static void MustFail(Func<byte[], byte[]?> answer, params string[] except)
    {
        using var server = new WrongServer(answer);
        var (on, off) = (server.Target, server.Target with { Offers = server.Target.Offers & ~Needs.Mobility });
        var verdicts = Runner.Run(on, Quick, slow: false);
        // What is about something that is off has another look, where it is.
        var left = verdicts.Where(verdict => verdict.Outcome == Outcome.NotOffered).Select(verdict => verdict.Check).ToArray();
        var passed = verdicts.Where(verdict => verdict.Outcome == Outcome.Passed)
            .Concat(Runner.Run(off, left, slow: false).Where(verdict => verdict.Outcome != Outcome.Failed));
        Assert.Empty(passed.Select(verdict => verdict.Check.Name).Except(except));
    }

    /// <summary>A response with the transaction id of a message; what is shorter than a header comes back as it is.</summary>
    static byte[] Reply(byte[] message, int @class, Action<Outgoing> with)
    {
        if (message.Length < 20) return message;
        var reply = new Outgoing(message[1] & 0xF, @class);
        with(reply);
        var bytes = reply.ToArray();
        message.AsSpan(8, 12).CopyTo(bytes.AsSpan(8));
        return bytes;
    }
}
