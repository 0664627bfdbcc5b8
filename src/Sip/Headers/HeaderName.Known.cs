namespace Portunus.Sip;

public sealed partial class HeaderName
{
    public static readonly HeaderName Accept = new("Accept");
    public static readonly HeaderName AcceptContact = new("Accept-Contact", 'a');
    public static readonly HeaderName AcceptEncoding = new("Accept-Encoding");
    public static readonly HeaderName AcceptLanguage = new("Accept-Language");
    public static readonly HeaderName AlertInfo = new("Alert-Info");
    public static readonly HeaderName Allow = new("Allow");
    public static readonly HeaderName AllowEvents = new("Allow-Events", 'u');
    public static readonly HeaderName AuthenticationInfo = new("Authentication-Info", single: true);
    public static readonly HeaderName Authorization = new("Authorization", single: true);
    public static readonly HeaderName CallId = new("Call-ID", 'i', single: true);
    public static readonly HeaderName CallInfo = new("Call-Info");
    public static readonly HeaderName Contact = new("Contact", 'm');
    public static readonly HeaderName ContentDisposition = new("Content-Disposition", single: true);
    public static readonly HeaderName ContentEncoding = new("Content-Encoding", 'e');
    public static readonly HeaderName ContentLanguage = new("Content-Language");
    public static readonly HeaderName ContentLength = new("Content-Length", 'l', single: true);
    public static readonly HeaderName ContentType = new("Content-Type", 'c', single: true);
    public static readonly HeaderName CSeq = new("CSeq", single: true);
    public static readonly HeaderName Date = new("Date", single: true);
    public static readonly HeaderName ErrorInfo = new("Error-Info");
    public static readonly HeaderName Event = new("Event", 'o', single: true);
    public static readonly HeaderName Expires = new("Expires", single: true);
    public static readonly HeaderName FeatureCaps = new("Feature-Caps");
    public static readonly HeaderName FlowTimer = new("Flow-Timer", single: true);
    public static readonly HeaderName From = new("From", 'f', single: true);
    public static readonly HeaderName Identity = new("Identity", 'y', single: true);
    public static readonly HeaderName InReplyTo = new("In-Reply-To");
    public static readonly HeaderName MaxForwards = new("Max-Forwards", single: true);
    public static readonly HeaderName MimeVersion = new("MIME-Version", single: true);
    public static readonly HeaderName MinExpires = new("Min-Expires", single: true);
    public static readonly HeaderName MinSE = new("Min-SE", single: true);
    public static readonly HeaderName Organization = new("Organization", single: true);
    public static readonly HeaderName PAccessNetworkInfo = new("P-Access-Network-Info");
    public static readonly HeaderName PAssertedIdentity = new("P-Asserted-Identity");
    public static readonly HeaderName PAssociatedUri = new("P-Associated-URI");
    public static readonly HeaderName PCalledPartyId = new("P-Called-Party-ID", single: true);
    public static readonly HeaderName PChargingFunctionAddresses = new("P-Charging-Function-Addresses");
    public static readonly HeaderName PChargingVector = new("P-Charging-Vector");
    public static readonly HeaderName PEarlyMedia = new("P-Early-Media");
    public static readonly HeaderName PPreferredIdentity = new("P-Preferred-Identity");
    public static readonly HeaderName PVisitedNetworkId = new("P-Visited-Network-ID");
    public static readonly HeaderName Path = new("Path");
    public static readonly HeaderName Priority = new("Priority", single: true);
    public static readonly HeaderName Privacy = new("Privacy", single: true);
    public static readonly HeaderName ProxyAuthenticate = new("Proxy-Authenticate", single: true);
    public static readonly HeaderName ProxyAuthorization = new("Proxy-Authorization", single: true);
    public static readonly HeaderName ProxyRequire = new("Proxy-Require");
    public static readonly HeaderName RAck = new("RAck", single: true);
    public static readonly HeaderName Reason = new("Reason");
    public static readonly HeaderName RecordRoute = new("Record-Route");
    public static readonly HeaderName ReferTo = new("Refer-To", 'r', single: true);
    public static readonly HeaderName ReferredBy = new("Referred-By", 'b', single: true);
    public static readonly HeaderName RejectContact = new("Reject-Contact", 'j');
    public static readonly HeaderName Replaces = new("Replaces", single: true);
    public static readonly HeaderName ReplyTo = new("Reply-To", single: true);
    public static readonly HeaderName RequestDisposition = new("Request-Disposition", 'd');
    public static readonly HeaderName Require = new("Require");
    public static readonly HeaderName RetryAfter = new("Retry-After", single: true);
    public static readonly HeaderName Route = new("Route");
    public static readonly HeaderName RSeq = new("RSeq", single: true);
    public static readonly HeaderName SecurityClient = new("Security-Client");
    public static readonly HeaderName SecurityServer = new("Security-Server");
    public static readonly HeaderName SecurityVerify = new("Security-Verify");
    public static readonly HeaderName Server = new("Server", single: true);
    public static readonly HeaderName ServiceRoute = new("Service-Route");
    public static readonly HeaderName SessionExpires = new("Session-Expires", 'x', single: true);
    public static readonly HeaderName Subject = new("Subject", 's', single: true);
    public static readonly HeaderName SubscriptionState = new("Subscription-State", single: true);
    public static readonly HeaderName Supported = new("Supported", 'k');
    public static readonly HeaderName Timestamp = new("Timestamp", single: true);
    public static readonly HeaderName To = new("To", 't', single: true);
    public static readonly HeaderName Unsupported = new("Unsupported");
    public static readonly HeaderName UserAgent = new("User-Agent", single: true);
    public static readonly HeaderName Via = new("Via", 'v');
    public static readonly HeaderName Warning = new("Warning");
    public static readonly HeaderName WwwAuthenticate = new("WWW-Authenticate", single: true);

    /// <summary>By long and by compact form; below the names, because it reads them.</summary>
    static readonly Dictionary<string, HeaderName>.AlternateLookup<ReadOnlySpan<byte>> Known = Index(
    [
        Accept, AcceptContact, AcceptEncoding, AcceptLanguage, AlertInfo, Allow, AllowEvents, AuthenticationInfo,
        Authorization, CallId, CallInfo, Contact, ContentDisposition, ContentEncoding, ContentLanguage, ContentLength,
        ContentType, CSeq, Date, ErrorInfo, Event, Expires, FeatureCaps, FlowTimer, From, Identity, InReplyTo, MaxForwards,
        MimeVersion, MinExpires, MinSE, Organization, PAccessNetworkInfo, PAssertedIdentity, PAssociatedUri, PCalledPartyId,
        PChargingFunctionAddresses, PChargingVector, PEarlyMedia, PPreferredIdentity, PVisitedNetworkId, Path, Priority,
        Privacy, ProxyAuthenticate, ProxyAuthorization, ProxyRequire, RAck, Reason, RecordRoute, ReferTo, ReferredBy,
        RejectContact, Replaces, ReplyTo, RequestDisposition, Require, RetryAfter, Route, RSeq, SecurityClient,
        SecurityServer, SecurityVerify, Server, ServiceRoute, SessionExpires, Subject, SubscriptionState, Supported,
        Timestamp, To, Unsupported, UserAgent, Via, Warning, WwwAuthenticate,
    ]);

    static Dictionary<string, HeaderName>.AlternateLookup<ReadOnlySpan<byte>> Index(ReadOnlySpan<HeaderName> names)
    {
        var index = new Dictionary<string, HeaderName>(new ByToken());
        foreach (var name in names)
        {
            index.Add(name.Text, name);
            if (name.Compact != '\0') index.Add(name.Compact.ToString(), name);
        }

        return index.GetAlternateLookup<ReadOnlySpan<byte>>();
    }
}
