using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Assessment.Scale;

/// <summary>An eP-CSCF's machine with many registered users, in virtual time. The core beyond it says yes to all.</summary>
/// <param name="now">The virtual time at the start.</param>
/// <param name="provisioning">The way of the solution.</param>
/// <param name="outside">Answers what the provisioning asks; null where it asks nothing.</param>
sealed class ScaleEdge(Instant now, IProvisioning provisioning, JoinedTransfer? outside)
{
    const string Domain = JoinedTransfer.Realm, Host = "epcscf1.ims.example.net";
    const int Flows = 200_000;

    /// <summary>Seconds of a registration.</summary>
    const int Lifetime = 3600;

    /// <summary>After which no transaction of SIP is kept (RFC 3261 Timers B, F, J: 32 s).</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    readonly Edge _edge = new(
        new(0),
        new()
        {
            HomeDomain = Domain, Host = Host, TokenKey = Bytes.Copy(new byte[32]), Flows = Flows, Transactions = Flows, Questions = Flows,
        },
        provisioning, new SeededRandom(1));

    Instant _now = now;

    /// <summary>Users that are registered.</summary>
    public int Registered { get; private set; }

    /// <summary>Credentials that went to users.</summary>
    public int Given { get; private set; }

    /// <param name="user">Its number, each once.</param>
    /// <param name="type">Of the credential that it asks for; null for none.</param>
    public void Register(int user, string? type)
    {
        var identity = SipUri.Parse($"sip:wic{user}@{Domain}");
        var register = SipMessage.Request(
            SipMethod.Register, SipUri.Parse($"sip:{Domain}"), new(identity, null, [new("tag", $"t{user}")]), new(identity),
            $"call-{user}", 1);
        register.Insert(HeaderName.Via, new Via("WSS", "df7jal23ls0d.invalid", $"z9hG4bK{user}"));
        register.Add(
            HeaderName.Contact,
            $"<sip:c{user}@df7jal23ls0d.invalid;transport=ws>;+sip.instance=\"<urn:uuid:00000000-0000-4000-8000-{user:x12}>\";"
            + $"reg-id=1;expires={Lifetime}");
        register.Add(HeaderName.Supported, "path, gruu, outbound");
        if (type is not null) register.Add("Turn-Credential-Request", type);
        _edge.OnW2(_now, new((ulong)user + 1), Wire(register));
        Drain();
    }

    /// <summary>Until no transaction is left and the registrations are all that there is.</summary>
    public void Settle()
    {
        var end = _now + Silence;
        while (_edge.NextDeadline is { } due && due <= end)
        {
            if (due > _now) _now = due;
            _edge.OnDeadline(_now);
            Drain();
        }

        _now = end;
    }

    void Drain()
    {
        while (_edge.TryTake(out var effect))
        {
            switch (effect)
            {
                case EdgeEffect.ToCore { Message.IsRequest: true } request:
                    _edge.OnCore(_now, request.Path, Wire(AnswerTo(request.Message)));
                    break;
                case EdgeEffect.ToW2 { Message: { Status: 200, Method: SipMethod.Register } response }:
                    Registered++;
                    if (response.Get("Turn-Credential") is not null) Given++;
                    break;
                case EdgeEffect.Ask ask when outside is not null:
                    _edge.OnAnswer(_now, ask.Id, outside.Answer(_now, ask.Question));
                    break;
            }
        }
    }

    static SipMessage AnswerTo(SipMessage request)
    {
        var response = SipMessage.Response(request, 200, toTag: "core");
        if (request.Method == SipMethod.Register)
        {
            response.CopyFrom(request, HeaderName.Contact);
            response.CopyFrom(request, HeaderName.Path);
            response.Add(HeaderName.ServiceRoute, $"<sip:scscf.{Domain};lr>");
            response.Add(HeaderName.PAssociatedUri, $"<{request.To!.Uri}>");
        }
        else
        {
            response.Add(HeaderName.Contact, $"<sip:scscf.{Domain}>");
            response.Add(HeaderName.Expires, request.Get(HeaderName.Expires)!);
        }

        return response;
    }

    /// <summary>As bytes, so that both sides have a message of their own.</summary>
    static SipMessage Wire(SipMessage message) =>
        SipMessage.TryParse(message.ToBytes(), out var read, out var error) ? read : throw new FormatException(error.ToString());
}
