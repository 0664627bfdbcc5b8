using System.Text;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class SipProperties
{
    /// <summary>What breaks parsers: separators, quotes, brackets, line ends, NUL, bytes that are not ASCII.</summary>
    static readonly Gen<byte> OddByte = OneOf<byte>([.. "\r\n\t \"\\<>,;:=@%?/[]*0Sa"u8, 0, 0x7f, 0x80, 0xc3, 0xff]);

    static readonly Gen<byte[]> AnyBytes = Gen.OneOf(Gen.Byte.Array[0, 200], OddByte.Array[0, 200]);

    /// <summary>A torture message with some of its bytes replaced, taken out or doubled.</summary>
    static readonly Gen<byte[]> AnyMutant = Gen.Select(
        OneOf<string>([.. Rfc4475Tests.Verdicts.Select(row => row.Data.Item1)]),
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 2], OddByte).Array[1, 8],
        (name, edits) =>
        {
            var bytes = Rfc4475Tests.Bytes(name).ToList();
            foreach (var (place, kind, value) in edits)
            {
                var at = place % bytes.Count;
                if (kind == 0) bytes[at] = value;
                else if (kind == 1 && bytes.Count > 1) bytes.RemoveAt(at);
                else bytes.Insert(at, value);
            }

            return bytes.ToArray();
        });

    static readonly Gen<string> AnyToken = Gen.Char["abcXYZ019-.!%*_+`'~"].Array[1, 12].Select(c => new string(c));

    static readonly Gen<string> AnyText = Gen.Char[" \"\\<>,;:=@%?\tabcÄ€\0\x7f"].Array[0, 12].Select(c => new string(c));

    static readonly Gen<Parameter> AnyParameter = Gen.OneOf(
        AnyToken.Select(name => new Parameter(name)),
        Gen.Select(AnyToken, AnyToken, (name, value) => new Parameter(name, value)),
        Gen.Select(AnyToken, AnyText, (name, value) => new Parameter(name, value, Quoted: true)));

    static readonly Gen<Parameters> AnyParameters = AnyParameter.Array[0, 5]
        .Select(list => new Parameters(list.DistinctBy(one => one.Name, StringComparer.OrdinalIgnoreCase)));

    static readonly Gen<HostPort> AnyHost = Gen.Select(
        OneOf("a.example", "192.0.2.1", "[2001:db8::1]", "x-1.invalid"), Gen.UShort.Nullable(),
        (host, port) => new HostPort(host, port));

    static readonly Gen<SipUri> AnyUri = Gen.Select(
        Gen.Char["aZ0-_.!~*'()&=+$,;?/% @:Ä"].Array[1, 12].Select(c => new string(c)).Null(),
        AnyHost,
        Gen.Select(AnyToken, AnyText.Null()).Array[0, 3],
        (user, host, parameters) => parameters.Aggregate(
            SipUri.Of(user, host.Host, host.Port),
            (uri, p) => p.Item2 is "" ? uri : uri.With(p.Item1.Replace('`', 'x').Replace('%', 'x'), p.Item2)));

    static readonly Gen<(string User, string Realm, string Nonce, Parameter Extra)> AnyCredentials =
        Gen.Select(AnyText, AnyText, AnyText, AnyParameter);

    static readonly Gen<HeaderName> AnyEdited =
        OneOf<HeaderName>(HeaderName.Via, HeaderName.Route, HeaderName.To, HeaderName.Contact, "X-New");

    [Fact]
    public void Any_bytes_into_every_reader_give_a_value() => AnyBytes.Sample(ReadAll, iter: 4_000);

    [Fact]
    public void Any_mutant_of_a_torture_message_gives_a_value() => AnyMutant.Sample(ReadAll, iter: 3_000);

    [Fact]
    public void A_uri_that_is_written_is_read_as_it_was() => AnyUri.Sample(uri =>
    {
        Assert.True(SipUri.TryParse(uri.ToString(), out var read), uri.ToString());
        Assert.Equal(uri.ToString(), read.ToString());
        Assert.Equal((uri.User, uri.Authority, uri.Parameters), (read.User, read.Authority, read.Parameters));
        Assert.True(uri.IsEquivalentTo(read));
    }, iter: 2_000);

    [Fact]
    public void An_address_that_is_written_is_read_as_it_was() => Gen.Select(AnyUri, AnyText.Null(), AnyParameters).Sample(values =>
    {
        var (uri, name, parameters) = values;
        var address = new NameAddress(uri, name, parameters);
        Assert.True(NameAddress.TryParse(address.ToHeaderText(), out var read), address.ToHeaderText());
        Assert.Equal((uri, name, parameters), (read.Uri, read.DisplayName, read.Parameters));
    }, iter: 2_000);

    [Fact]
    public void A_via_that_is_written_is_read_as_it_was() => Gen.Select(AnyHost, AnyParameters).Sample((host, parameters) =>
    {
        var via = new Via("WSS", host, parameters);
        Assert.True(Via.TryParse(via.ToHeaderText(), out var read), via.ToHeaderText());
        Assert.Equal((via.Transport, host, parameters), (read.Transport, read.SentBy, read.Parameters));
    }, iter: 2_000);

    [Fact]
    public void Types_that_are_written_are_read_as_they_were() => Gen.Select(AnyToken.Array[1, 3], AnyParameters).Sample(values =>
    {
        var (types, parameters) = values;
        var value = new TypedValue(types, parameters);
        Assert.True(TypedValue.TryParse(value.ToHeaderText(), out var read), value.ToHeaderText());
        Assert.Equal(types, read.Types);
        Assert.Equal(parameters, read.Parameters);
    }, iter: 2_000);

    [Fact]
    public void Credentials_that_are_written_are_read_as_they_were() => AnyCredentials.Sample(values =>
    {
        var (user, realm, nonce, extra) = values;
        var secret = DigestSecret.Of(DigestAlgorithm.Sha256, user, realm, "password");
        var challenge = new DigestChallenge(realm, nonce, DigestAlgorithm.Sha256);
        Assert.True(DigestChallenge.TryParse(challenge.ToHeaderText(), out var asked));
        Assert.Equal(challenge.Parameters, asked.Parameters);
        var answer = DigestCredentials.Answer(asked, user, secret, "REGISTER", "sip:a.example", "c", 1);
        if (!answer.Parameters.Has(extra.Name)) answer = new([.. answer.Parameters, extra]);
        Assert.True(DigestCredentials.TryParse(answer.ToHeaderText(), out var read));
        Assert.Equal(answer.Parameters, read.Parameters);
        Assert.True(secret.Verify(read, "REGISTER"));
    }, iter: 2_000);

    [Fact]
    public void Editing_one_header_leaves_the_bytes_of_all_others() =>
        Gen.Select(AnyMutant, AnyEdited, Gen.Int[0, 4]).Sample((bytes, name, edit) =>
        {
            if (!SipMessage.TryParse(bytes, out var message, out _)) return;
            var before = Others(message, name);
            var count = message.Count(name);
            if (edit == 0) message.Insert(name, "a");
            else if (edit == 1) message.Add(name, "a");
            else if (edit == 2) message.Set(name, "a");
            else if (edit == 3) message.Remove(name);
            else message.RemoveFirst(name);
            Assert.Equal(before, Others(message, name));
            Assert.True(edit == 4 || message.Count(name) == edit switch { 0 or 1 => count + 1, 2 => 1, _ => 0 });
            Assert.True(SipMessage.TryParse(message.ToBytes(), out var again, out _));
            Assert.Equal(before, Others(again, name));
        }, iter: 2_000);

    [Fact]
    public void Any_traffic_leaves_a_transaction_layer_empty_in_the_end() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 6], Gen.Int[0, 3000], Gen.Bool).Array[1, 60].Sample(steps =>
        {
            string[] methods = [SipMethod.Invite, SipMethod.Ack, SipMethod.Cancel, SipMethod.Options];
            int[] statuses = [100, 180, 200, 300, 408, 486, 699];
            var layer = new TransactionLayer<int>(new() { Capacity = 4 });
            var now = Instant.FromUnixSeconds(0);
            var open = new Dictionary<TransactionId, SipMessage?>();
            foreach (var (what, branch, which, wait, udp) in steps)
            {
                now += TimeSpan.FromMilliseconds(wait);
                layer.OnDeadline(now);
                var request = Transactions.Request(methods[which % 4], udp ? "UDP" : "WSS", $"z9hG4bK{branch}");
                if (what == 0) layer.OnMessage(now, branch, request);
                else if (what == 1) layer.OnMessage(now, branch, SipMessage.Response(request, statuses[which]));
                else if (what == 2 && request.Method != SipMethod.Ack) TrySend(layer, now, request, open);
                else if (what == 3) Respond(layer, now, statuses[which], open);
                else if (open.Count > 0) layer.Cancel(now, open.Keys.First());
                Drain(layer, open);
                Assert.InRange(layer.Count, 0, 8);
            }

            foreach (var (id, asked) in open.ToArray())
            {
                if (asked is not null) layer.Respond(now, id, SipMessage.Response(asked, 500));
                else layer.Cancel(now, id);
            }

            layer.OnDeadline(now + TimeSpan.FromSeconds(100));
            layer.OnDeadline(now + TimeSpan.FromSeconds(200));
            Drain(layer, open);
            for (var path = 0; path < 3; path++) layer.OnPathClosed(now, path);
            Drain(layer, open);
            Assert.Empty(open);
            Assert.Equal(0, layer.Count);
            Assert.Null(layer.NextDeadline);
        }, iter: 400);

    static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    static void TrySend(TransactionLayer<int> layer, Instant now, SipMessage request, Dictionary<TransactionId, SipMessage?> open)
    {
        var branch = $"z9hG4bKmine{open.Count}{now.MonotonicTicks}";
        request.Set(HeaderName.Via, new Via(request.TopVia!.Transport, "me.example", branch));
        if (layer.TrySend(now, 0, request, out var id)) open.Add(id, null);
    }

    static void Respond(TransactionLayer<int> layer, Instant now, int status, Dictionary<TransactionId, SipMessage?> open)
    {
        foreach (var (id, asked) in open)
            if (asked is not null) layer.Respond(now, id, SipMessage.Response(asked, status));
    }

    static void Drain(TransactionLayer<int> layer, Dictionary<TransactionId, SipMessage?> open)
    {
        while (layer.TryTake(out var effect))
        {
            if (effect is TransactionEffect<int>.Request request) open.Add(request.Id, request.Message);
            else if (effect is TransactionEffect<int>.Ended ended) Assert.True(open.Remove(ended.Id));
        }
    }

    static string[] Others(SipMessage message, HeaderName name) =>
    [
        .. message.Headers.Where(h => h.Name != name).Select(h => Encoding.Latin1.GetString(h.Line)),
        Encoding.Latin1.GetString(message.Body.Span),
    ];

    static void ReadAll(byte[] bytes)
    {
        if (SipUri.TryParse(bytes, out var any)) Assert.True(SipUri.TryParse(any.AddressOfRecord, out _), any.AddressOfRecord);
        HostPort.TryParse(bytes, out _);
        NameAddress.TryParse(bytes, out _);
        Via.TryParse(bytes, out _);
        CSeq.TryParse(bytes, out _);
        TypedValue.TryParse(bytes, out _);
        DigestChallenge.TryParse(bytes, out _);
        DigestCredentials.TryParse(bytes, out _);
        AuthScheme.Is(bytes, AuthScheme.Bearer);
        foreach (var value in new ValueSplitter(bytes)) NameAddress.TryParse(value, out _);
        if (!SipMessage.TryParse(bytes, out var message, out var error))
        {
            Assert.NotEqual(SipFault.None, error.Fault);
            return;
        }

        foreach (var header in message.Headers) _ = (header.Text, message.GetAll(header.Name), message.Get(header.Name));
        _ = (message.TopVia, message.From, message.To, message.CSeq, message.Contacts, message.Routes, message.Expires);
        _ = (DigestCredentials.Of(message), DigestChallenge.Choose(message));
        var check = new MessageCheck { IsProxy = true };
        if (message.IsResponse) check.Response(message);
        else if (check.Request(message) is { } refusal && refusal.TryAnswer(message, "t", out var answer))
            Assert.True(SipMessage.TryParse(answer.ToBytes(), out _, out _));
        Assert.True(SipMessage.TryParse(message.ToBytes(), out var again, out _));
        Assert.Equal(message.Headers.Select(h => h.Text), again.Headers.Select(h => h.Text));

        // As a proxy does with what it forwards: nothing that was read may throw when it is written.
        message.Insert(HeaderName.Via, new Via("WSS", "edge.example", "z9hG4bK1"));
        message.RemoveFirst(HeaderName.Route);
        message.RemoveToken(HeaderName.Require, "sec-agree");
        if (message.To is { } to) message.Set(HeaderName.To, to.With("tag", "t"));
        if (message.TopVia is { } via) message.ReplaceFirst(HeaderName.Via, via.With("received", "192.0.2.1"));
        if (DigestCredentials.Of(message) is { } credentials)
            message.Set(HeaderName.Authorization, credentials.Without("integrity-protected"));
        if (message.From?.Uri is { } from) Assert.True(SipUri.TryParse(from.AddressOfRecord, out _), from.AddressOfRecord);
        if (message.RequestUri is { } uri) message.RequestUri = uri.With("x", "y");
        Assert.True(SipMessage.TryParse(message.ToBytes(), out _, out _));
    }
}
