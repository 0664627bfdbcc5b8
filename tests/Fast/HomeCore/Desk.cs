using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Tests.Fast.Epcscf;

namespace Portunus.Tests.Fast.HomeCore;

/// <summary>A home core alone; the test is its edge and its HSS, and sees the effects of each input apart.</summary>
sealed class Desk(CscfSettings? settings = null)
{
    public const string Alice = $"alice@{Home.Domain}";

    static ulong _branches;

    uint _cseq;

    public Cscf Cscf { get; } = new(settings ?? Home.CoreSettings, new SeededRandom(7));

    public Instant Now { get; set; } = Instant.FromUnixSeconds(1_700_000_000);

    public static Subscriber Subscriber { get; } =
        new(Alice, [$"sip:{Alice}", "tel:+15550100"], [Home.SecretOf("alice", DigestAlgorithm.Md5)]);

    public List<CscfEffect> Put(SipMessage message)
    {
        Cscf.OnEdge(Now, message);
        return Effects();
    }

    public List<CscfEffect> Answer(CscfEffect ask, Subscriber? subscriber)
    {
        Cscf.OnAnswer(Now, Assert.IsType<CscfEffect.Ask>(ask).Id, subscriber);
        return Effects();
    }

    /// <summary>A request with its question answered; the one message that comes out.</summary>
    public SipMessage Ask(SipMessage message, Subscriber? subscriber) => Sent(Answer(Assert.Single(Put(message)), subscriber));

    public List<CscfEffect> Pass(TimeSpan span)
    {
        Now += span;
        Cscf.OnDeadline(Now);
        return Effects();
    }

    public static SipMessage Sent(IEnumerable<CscfEffect> effects) => Assert.Single(effects.OfType<CscfEffect.ToEdge>()).Message;

    public SipMessage Register(string contact = "<sip:a@x.invalid>;expires=600", params (string Name, string? Value)[] changes)
    {
        var register = Request(SipMethod.Register, $"sip:{Home.Domain}");
        register.Set(HeaderName.To, $"<sip:{Alice}>");
        register.Add(HeaderName.Path, "<sip:token@edge.example.net;lr>");
        register.Add(HeaderName.Require, "path");
        register.Add(HeaderName.PVisitedNetworkId, "\"x\"");
        register.Add(HeaderName.PChargingVector, "icid-value=1");
        register.Add(HeaderName.Contact, contact);
        foreach (var (name, value) in changes)
        {
            if (value is null) register.Remove(name);
            else register.Set(name, value);
        }

        return register;
    }

    public SipMessage Request(string method, string uri)
    {
        var request = SipMessage.Request(
            method, SipUri.Parse(uri), new(SipUri.Parse($"sip:{Alice}"), null, [new("tag", "a")]), new(SipUri.Parse(uri)),
            "call-1", ++_cseq);
        request.Insert(HeaderName.Via, new Via("TCP", "edge.example.net", $"z9hG4bKe{Interlocked.Increment(ref _branches)}"));
        return request;
    }

    /// <summary>A REGISTER that answers a challenge.</summary>
    public SipMessage Answering(
        SipMessage challenged, string contact = "<sip:a@x.invalid>;expires=600", uint count = 1, string password = "secret")
    {
        var challenge = DigestChallenge.Choose(challenged)!;
        var register = Register(contact);
        var secret = DigestSecret.Of(challenge.Algorithm!.Value, Alice, Home.Domain, password);
        register.Add(HeaderName.Authorization, DigestCredentials.Answer(
            challenge, Alice, secret, SipMethod.Register, $"sip:{Home.Domain}", "c", count));
        return register;
    }

    /// <summary>Alice at <paramref name="contact"/>; the 200.</summary>
    public SipMessage Bind(string contact = "<sip:a@x.invalid>;expires=600") =>
        Ask(Answering(Ask(Register(), Subscriber), contact), Subscriber);

    public List<CscfEffect> Effects()
    {
        var effects = new List<CscfEffect>();
        while (Cscf.TryTake(out var effect)) effects.Add(effect);
        if (effects.Any(effect => effect is CscfEffect.Ask)) Assert.Single(effects);
        return effects;
    }
}
