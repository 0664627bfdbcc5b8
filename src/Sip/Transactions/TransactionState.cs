namespace Portunus.Sip;

/// <summary>The states of figures 5 to 8 of RFC 3261, and Accepted of RFC 6026.</summary>
enum TransactionState : byte
{
    Calling,
    Trying,
    Proceeding,
    Accepted,
    Completed,
    Confirmed,
    Terminated,
}
