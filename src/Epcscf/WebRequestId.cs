namespace Portunus.Epcscf;

/// <summary>Names one HTTP request for a credential; the join draws it and never uses it again.</summary>
public readonly record struct WebRequestId(ulong Value);
