using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>What Kamailio never asks: the HSS's answers that its scripts do not bring about.</summary>
public sealed class HomeSubscriberServerTests
{
    static readonly Subscriber Alice = new("alice", "example.net", "wonderland")
    {
        AllowedWafs = [("waf.example.net", "wwsf.example.net")],
    };

    readonly HomeSubscriberServer _hss = new("hss.example.net", "example.net");

    public HomeSubscriberServerTests() => _hss.Add(Alice);

    [Fact]
    public void The_profile_says_which_WAF_and_which_WWSF_may_register_the_user()
    {
        var allowed = Assign(ServerAssignment.Registration).Avps[AvpName.AllowedWafWwsfIdentities]?.Group;
        Assert.Equal("waf.example.net", allowed?[AvpName.WebRtcAuthenticationFunctionName]?.Text);
        Assert.Equal("wwsf.example.net", allowed?[AvpName.WebRtcWebServerFunctionName]?.Text);
    }

    [Fact]
    public void A_subscription_has_a_server_from_its_assignment_to_its_end()
    {
        Assert.Null(_hss.Terminate(Alice.PublicIdentity));
        Assign(ServerAssignment.Registration);
        Assert.Equal("sip:scscf.example.net", _hss.ServerOf(Alice.PublicIdentity));
        Assign(ServerAssignment.TimeoutDeregistration);
        Assert.Null(_hss.ServerOf(Alice.PublicIdentity));

        Assign(ServerAssignment.Registration);
        Assert.Equal("scscf.example.net", _hss.Terminate(Alice.PublicIdentity)?.Host);
        Assert.Null(_hss.ServerOf(Alice.PublicIdentity));
    }

    [Fact]
    public void Another_scheme_than_SIP_Digest_is_refused()
    {
        var answer = Ask(DiameterCommand.MultimediaAuth, Avp.Of(AvpName.UserName, Alice.PrivateIdentity),
            Avp.Of(AvpName.SipAuthDataItem, Avp.Of(AvpName.SipAuthenticationScheme, "Digest-AKAv1-MD5")));
        Assert.Equal(ResultCode.AuthSchemeNotSupported,
            answer.Avps[AvpName.ExperimentalResult]?.Group?[AvpName.ExperimentalResultCode]?.Number);
        Assert.Null(answer.Avps[AvpName.SipAuthDataItem]);
    }

    [Fact]
    public void What_it_does_not_speak_and_what_lacks_an_attribute_is_refused()
    {
        Assert.Equal(ResultCode.CommandUnsupported, Ask((DiameterCommand)305).Number(AvpName.ResultCode));
        Assert.Equal(ResultCode.MissingAvp, Ask(DiameterCommand.ServerAssignment).Number(AvpName.ResultCode));
    }

    DiameterMessage Assign(ServerAssignment type) => Ask(DiameterCommand.ServerAssignment,
        Avp.Of(AvpName.OriginHost, "scscf.example.net"), Avp.Of(AvpName.ServerName, "sip:scscf.example.net"),
        Avp.Of(AvpName.ServerAssignmentType, (uint)type));

    DiameterMessage Ask(DiameterCommand command, params Avp[] avps) => _hss.Answer(DiameterMessage.Request(
        command, DiameterMessage.Cx, 1, [Avp.Of(AvpName.PublicIdentity, Alice.PublicIdentity), .. avps]));
}
