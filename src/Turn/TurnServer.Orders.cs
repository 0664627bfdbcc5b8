using Portunus.Bedrock;

namespace Portunus.Turn;

// What the node orders: new keys, other credentials, an end; and what other workers do.
public sealed partial class TurnServer
{
    public void OnOrder(Instant now, TurnOrder order)
    {
        switch (order)
        {
            case TurnOrder.UseNonceKeys use:
                _nonceKeys = use.Keys;
                Use(_verifier);
                _tickets.Dispose();
                _tickets = new(_nonceKeys, _realms.First.Name);
                break;
            case TurnOrder.UseVerifier use:
                Use(use.Verifier);
                break;
            case TurnOrder.Revoke revoke:
                foreach (var subject in revoke.Subjects) Revoke(subject);
                break;
            case TurnOrder.Stop:
                foreach (var allocation in Living()) End(allocation, AllocationEnd.Stopped);
                break;
            case TurnOrder.Yield yielded:
                CloseReserved(yielded.Held);
                break;
            case TurnOrder.Drain drain:
                _drains = drain.Begins;
                break;
            case TurnOrder.Lodge lodge:
                Lodge(now, lodge);
                break;
            case TurnOrder.Release release:
                _lodgers.Remove(release.Client, release.Owner);
                break;
            case TurnOrder.Lose lose:
                OnClosed(now, lose.Path with { CarriedBy = null });
                break;
            case TurnOrder.Apply apply:
                Apply(apply.Settings);
                break;
        }
    }

    void Use(ICredentialVerifier verifier)
    {
        _realms.Dispose();
        _verifier = verifier;
        // The nonce tells whether names are found by their hash. Where that stays, nonces stay good.
        _realms = Realms();
    }

    void Revoke(Subject subject)
    {
        // Of what is being opened the credential must be found again; if it is denied or gone by now, the answer will be 401.
        foreach (var opening in _openings.Values)
            if (opening.Caller?.Subject == subject)
                opening.Caller = null;
        // Most credentials that end have nothing running on them.
        if (_ledger.Charged(subject) == 0) return;
        foreach (var allocation in Living())
            if (allocation.Owner.Subject == subject)
                End(allocation, AllocationEnd.Revoked);
    }
}
