using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Bench;

/// <summary>What a REGISTER costs the SIP room: to read, to judge, to forward, and to hold as a transaction.</summary>
[MemoryDiagnoser]
public class RegisterPath
{
    const string Credentials =
        "algorithm=MD5, username=\"alice@ims.localhost\", realm=\"ims.localhost\", nonce=\"8sj2k3l4m5n6o7p8\", "
        + "uri=\"sip:ims.localhost\", response=\"8ca523f5e9506fed4657c9700eebdbec\", "
        + "qop=auth, cnonce=\"abcdefgh1234\", nc=00000001";

    const string ContactParameters = "+sip.ice;reg-id=1;+sip.instance=\"<urn:uuid:a0b1c2d3-e4f5-4678-9abc-def012345678>\"";

    readonly byte[] _register = Encoding.UTF8.GetBytes($"""
        REGISTER sip:ims.localhost SIP/2.0
        Via: SIP/2.0/WSS 8s9vfh2k4l.invalid;branch=z9hG4bK7382910
        Max-Forwards: 69
        To: <sip:alice@ims.localhost>
        From: "Alice" <sip:alice@ims.localhost>;tag=ksjd82hs91
        Call-ID: 8sj2k3l4m5n6o7p8q9r0st
        CSeq: 81 REGISTER
        Authorization: Digest {Credentials}
        Contact: <sip:k2j3h4g5@8s9vfh2k4l.invalid;transport=ws>;{ContactParameters};expires=600
        Expires: 600
        Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY
        Supported: path,gruu,outbound
        Turn-Credential-Request: password
        User-Agent: JsSIP 3.13.8
        Content-Length: 0


        """.ReplaceLineEndings("\r\n"));

    readonly MessageCheck _check = new() { IsProxy = true };
    readonly TransactionLayer<int> _layer = new();
    readonly ArrayBufferWriter<byte> _out = new(2048);
    readonly Instant _now = Instant.FromUnixSeconds(0);

    [Benchmark]
    public SipMessage Read()
    {
        SipMessage.TryParse(_register, out var message, out _);
        return message!;
    }

    [Benchmark]
    public Refusal? ReadAndJudge() => _check.Request(Read());

    [Benchmark]
    public int ReadJudgeForward()
    {
        var message = Read();
        _check.Request(message);
        message.Set(HeaderName.MaxForwards, "68");
        message.Insert(HeaderName.Via, "SIP/2.0/TCP edge.example;branch=z9hG4bK1");
        message.Insert(HeaderName.Path, "<sip:token@edge.example;lr>");
        message.Remove("Turn-Credential-Request");
        _out.ResetWrittenCount();
        message.WriteTo(_out);
        return _out.WrittenCount;
    }

    [Benchmark]
    public int ReadAndAnswerInTransaction()
    {
        _layer.OnMessage(_now, 0, Read());
        var effects = 0;
        while (_layer.TryTake(out var effect))
        {
            effects++;
            if (effect is TransactionEffect<int>.Request request)
                _layer.Respond(_now, request.Id, SipMessage.Response(request.Message, 200));
        }

        return effects;
    }
}
