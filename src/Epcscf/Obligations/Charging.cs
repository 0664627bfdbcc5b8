using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Gives a request the identity under which it is charged (obligations 13 and 29; RFC 7315 §5.6).</summary>
static class Charging
{
    /// <param name="message">Already without a vector of the WIC's.</param>
    /// <param name="host">Of this edge, which makes the value.</param>
    /// <param name="originator">The operator's domain; in a REGISTER only.</param>
    /// <param name="random">100 bits: "globally unique".</param>
    public static void AddVector(SipMessage message, string host, string? originator, IRandom random)
    {
        var name = originator is null ? "" : $";orig-ioi={originator}";
        message.Add(HeaderName.PChargingVector, $"icid-value=\"{random.NextToken(20)}\";icid-generated-at=\"{host}\"{name}");
    }
}
