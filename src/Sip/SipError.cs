namespace Portunus.Sip;

/// <summary>A fault and where it is.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Offset">In bytes from the start of what was given.</param>
public readonly record struct SipError(SipFault Fault, int Offset);
