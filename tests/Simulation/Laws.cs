namespace Portunus.Tests.Simulation;

/// <summary>What must be true of the whole system after every event.</summary>
static class Laws
{
    public const string CredentialPlaces =
        "a credential is handed out only in a 2xx to a flow with a live binding, or in an INVITE to one";

    public const string NothingOnMw = "no credential header and no token passes between edge and core";

    public const string PushedLives = "what a TURN server knows by a push is of a registration that lives";

    public const string AssertedIdentity = "an INVITE arrives with the caller's asserted identity and no other";

    public const string NoAuthorization = "no digest answer and no token reaches another WIC";

    public const string NoInviteAfterwards = "after deregistration no INVITE reaches the WIC";

    public const string EndedByCore =
        "a minute after the core has ended a registration its WebSocket is closed, or registered again";

    public const string OneAllocationAPort = 
        "every open relay socket belongs to exactly one live allocation, and has its port alone";

    public const string OneWorker = "an allocation lives on the worker that its five-tuple meets";

    public const string OnlyMintedUsers = "a relay exists only for a user that the edge minted";

    public const string Quota = "no user has more relays than the quota";

    public const string OnlyPartners = "a datagram reaches nobody but the call partner";

    public const string ContentIntact = "what arrives is what was sent";

    public const string AskOrAct = "a run that asks does nothing else";

    public const string NothingLeft = "at the end no port, no socket, no question and no deadline is left";
}
