namespace Portunus.HomeCore;

/// <summary>The question to the HSS (Cx): whose identity is this?</summary>
/// <param name="Identity">An IMPI as in a digest username, or an IMPU as an address-of-record.</param>
/// <param name="IsPublic">Whether it is an IMPU.</param>
public sealed record FindSubscriber(string Identity, bool IsPublic);
