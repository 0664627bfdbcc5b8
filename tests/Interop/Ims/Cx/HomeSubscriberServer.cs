using System.Net;
using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>An HSS as far as Cx goes (TS 29.228): request in, answer out, without a socket. Not thread-safe.</summary>
/// <param name="host">Its Diameter name, which the CSCFs must know it by.</param>
/// <param name="realm">The home domain.</param>
sealed partial class HomeSubscriberServer(string host, string realm)
{
    readonly Dictionary<string, Subscription> _byIdentity = [];

    public string Host => host;

    public void Add(Subscriber subscriber)
    {
        var subscription = new Subscription(subscriber);
        foreach (var identity in subscriber.PublicIdentities) _byIdentity.Add(identity, subscription);
    }

    /// <summary>SIP URI of the S-CSCF that serves an identity; null while it is not registered.</summary>
    public string? ServerOf(string publicIdentity) => _byIdentity.GetValueOrDefault(publicIdentity)?.Server;

    public DiameterMessage Answer(DiameterMessage request) => request.Command switch
    {
        DiameterCommand.CapabilitiesExchange => ExchangeCapabilities(request),
        DiameterCommand.DeviceWatchdog or DiameterCommand.DisconnectPeer =>
            request.Answer([Result(ResultCode.Success), .. Origin]),
        DiameterCommand.UserAuthorization => Authorize(request),
        DiameterCommand.MultimediaAuth => Authenticate(request),
        DiameterCommand.ServerAssignment => Assign(request),
        DiameterCommand.LocationInfo => Locate(request),
        _ => request.Answer([Result(ResultCode.CommandUnsupported), .. Origin]),
    };

    /// <summary>The peer is told that Cx is spoken here (RFC 6733 §5.3).</summary>
    DiameterMessage ExchangeCapabilities(DiameterMessage request) => request.Answer(
    [
        Result(ResultCode.Success), .. Origin, Avp.Of(AvpName.HostIpAddress, IPAddress.Loopback),
        Avp.Of(AvpName.VendorId, AvpName.Tgpp), Avp.Of(AvpName.ProductName, "Portunus test HSS"),
        Avp.Of(AvpName.SupportedVendorId, AvpName.Tgpp), CxApplication,
    ]);

    /// <summary>What every answer of Cx begins with.</summary>
    DiameterMessage Reply(DiameterMessage request, Avp result, params IEnumerable<Avp> more) => request.Answer(
        [.. Session(request.Text(AvpName.SessionId) ?? ""), result, .. more]);

    // 277=1: the HSS keeps no session (TS 29.229 §6.1).
    Avp[] Session(string id) =>
        [Avp.Of(AvpName.SessionId, id), CxApplication, Avp.Of(AvpName.AuthSessionState, 1), .. Origin];

    Avp[] Origin => [Avp.Of(AvpName.OriginHost, host), Avp.Of(AvpName.OriginRealm, realm)];

    static Avp CxApplication => Avp.Of(AvpName.VendorSpecificApplicationId,
        Avp.Of(AvpName.VendorId, AvpName.Tgpp), Avp.Of(AvpName.AuthApplicationId, DiameterMessage.Cx));

    static Avp Result(uint code) => Avp.Of(AvpName.ResultCode, code);

    /// <summary>A result of 3GPP's own range.</summary>
    static Avp Experimental(uint code) => Avp.Of(AvpName.ExperimentalResult,
        Avp.Of(AvpName.VendorId, AvpName.Tgpp), Avp.Of(AvpName.ExperimentalResultCode, code));

    Subscription? Find(DiameterMessage request) =>
        request.Text(AvpName.PublicIdentity) is { } identity ? _byIdentity.GetValueOrDefault(identity) : null;

    /// <summary>
    /// The subscription of a request, or why there is none: the first checks of UAR, MAR and SAR (TS 29.228 §6.1.1.1, §6.3.1).
    /// </summary>
    Subscription? Find(DiameterMessage request, out Avp refusal)
    {
        refusal = Experimental(ResultCode.UserUnknown);
        if (Find(request) is not { } subscription) return null;
        refusal = Experimental(ResultCode.IdentitiesDontMatch);
        return request.Text(AvpName.UserName) == subscription.Subscriber.PrivateIdentity ? subscription : null;
    }
}
