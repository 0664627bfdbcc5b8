namespace Portunus.Sip;

/// <summary>Names one transaction of one layer; never reused by it.</summary>
public readonly record struct TransactionId(ulong Value);
