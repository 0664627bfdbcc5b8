namespace Portunus.Nodes.Web;

/// <summary>How the page signs its user in other than by the SIP password: at a WAF and a WWSF on the same ports.</summary>
/// <param name="Client">The page as a client of the WAF.</param>
/// <param name="TurnServer">The name of the TURN server for which the WAF makes tokens of RFC 7635.</param>
public sealed record SignIn(string Client, string TurnServer);
