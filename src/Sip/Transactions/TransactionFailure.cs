namespace Portunus.Sip;

/// <summary>Why a transaction came to nothing.</summary>
public enum TransactionFailure
{
    /// <summary>Timer B, F or H: nobody answered. A client treats it as a 408 (RFC 3261 §8.1.3.1).</summary>
    Timeout,

    /// <summary>Its connection is gone before its final response. A client treats it as a 503 (§8.1.3.1).</summary>
    TransportError,
}
