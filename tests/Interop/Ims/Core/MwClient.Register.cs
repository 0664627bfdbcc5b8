using System.Net;
using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Cx;

namespace Portunus.Tests.Interop.Ims.Core;

sealed partial class MwClient
{
    readonly string _registration = Token();

    /// <summary>The user part of every Path that this client gives.</summary>
    public string FlowToken { get; } = Token();

    public string Path => $"<sip:{FlowToken}@{HostPort};lr;ob>";

    /// <summary>The WIC's own address: nobody but the eP-CSCF can reach it.</summary>
    public static string Contact(Subscriber subscriber) => $"sip:{subscriber.Name}@wic.invalid;transport=ws";

    /// <summary>Registers a user whom this eP-CSCF vouches for (trusted node authentication).</summary>
    public Task<SipMessage> VouchAsync(Subscriber subscriber, IPEndPoint icscf, int expires = 600) =>
        AskAsync(Register(subscriber, expires, Digest(subscriber, "auth-done")), icscf);

    /// <summary>Registers with a password; the final answer, which is the first when that is no challenge.</summary>
    public async Task<SipMessage> RegisterAsync(Subscriber subscriber, string password, IPEndPoint icscf, int expires = 600)
    {
        var challenged = await AskAsync(Register(subscriber, expires, Digest(subscriber, null)), icscf);
        if (DigestChallenge.Choose(challenged) is not { } challenge) return challenged;
        var secret = DigestSecret.Of(DigestAlgorithm.Md5, subscriber.PrivateIdentity, subscriber.Domain, password);
        var answer = DigestCredentials.Answer(
            challenge, subscriber.PrivateIdentity, secret, "REGISTER", $"sip:{subscriber.Domain}", Token(), 1);
        return await AskAsync(Register(subscriber, expires, answer.ToHeaderText()), icscf);
    }

    /// <summary>A REGISTER with what an eP-CSCF adds to a WIC's (obligations 11 to 13).</summary>
    public SipMessage Register(Subscriber subscriber, int expires, string? authorization)
    {
        var request = Request(
            "REGISTER", $"sip:{subscriber.Domain}", subscriber.PublicIdentity, subscriber.PublicIdentity, _registration);
        const string instance = "+sip.instance=\"<urn:uuid:00000000-0000-4000-8000-000000000001>\"";
        request.Add(HeaderName.Contact, $"<{Contact(subscriber)}>;reg-id=1;{instance};expires={expires}");
        request.Add(HeaderName.Path, Path);
        request.Add(HeaderName.Require, "path");
        request.Add(HeaderName.Supported, "path, outbound");
        request.Add(HeaderName.PVisitedNetworkId, $"\"{subscriber.Domain}\"");
        request.Add(HeaderName.PChargingVector, $"icid-value=\"{Token()}\";icid-generated-at=\"{HostPort}\"");
        if (authorization is not null) request.Add(HeaderName.Authorization, authorization);
        return request;
    }

    /// <summary>Says who one is, and no password.</summary>
    public static string Digest(Subscriber subscriber, string? integrityProtected) =>
        $"Digest username=\"{subscriber.PrivateIdentity}\", realm=\"{subscriber.Domain}\", nonce=\"\", " +
        $"uri=\"sip:{subscriber.Domain}\", response=\"\"" +
        (integrityProtected is null ? "" : $", integrity-protected=\"{integrityProtected}\"");
}
