namespace Portunus.Stun;

/// <summary>The error codes of RFC 8489 §14.8, RFC 8656 §19, RFC 6062 §6.3 and RFC 8016 §4; always in 300 to 699.</summary>
public enum ErrorCode : ushort
{
    TryAlternate = 300,
    BadRequest = 400,
    Unauthenticated = 401,
    Forbidden = 403,
    MobilityForbidden = 405,
    UnknownAttribute = 420,
    AllocationMismatch = 437,
    StaleNonce = 438,
    AddressFamilyNotSupported = 440,
    WrongCredentials = 441,
    UnsupportedTransportProtocol = 442,
    PeerAddressFamilyMismatch = 443,
    ConnectionAlreadyExists = 446,
    ConnectionTimeoutOrFailure = 447,
    AllocationQuotaReached = 486,
    ServerError = 500,
    InsufficientCapacity = 508,
}

/// <summary>The phrases that the registry recommends.</summary>
public static class ErrorCodeExtensions
{
    /// <summary>The recommended reason phrase in UTF-8; empty for a number the registry does not hold.</summary>
    public static ReadOnlySpan<byte> ReasonPhrase(this ErrorCode code) => code switch
    {
        ErrorCode.TryAlternate => "Try Alternate"u8,
        ErrorCode.BadRequest => "Bad Request"u8,
        ErrorCode.Unauthenticated => "Unauthenticated"u8,
        ErrorCode.Forbidden => "Forbidden"u8,
        ErrorCode.MobilityForbidden => "Mobility Forbidden"u8,
        ErrorCode.UnknownAttribute => "Unknown Attribute"u8,
        ErrorCode.AllocationMismatch => "Allocation Mismatch"u8,
        ErrorCode.StaleNonce => "Stale Nonce"u8,
        ErrorCode.AddressFamilyNotSupported => "Address Family not Supported"u8,
        ErrorCode.WrongCredentials => "Wrong Credentials"u8,
        ErrorCode.UnsupportedTransportProtocol => "Unsupported Transport Protocol"u8,
        ErrorCode.PeerAddressFamilyMismatch => "Peer Address Family Mismatch"u8,
        ErrorCode.ConnectionAlreadyExists => "Connection Already Exists"u8,
        ErrorCode.ConnectionTimeoutOrFailure => "Connection Timeout or Failure"u8,
        ErrorCode.AllocationQuotaReached => "Allocation Quota Reached"u8,
        ErrorCode.ServerError => "Server Error"u8,
        ErrorCode.InsufficientCapacity => "Insufficient Capacity"u8,
        _ => default,
    };
}
