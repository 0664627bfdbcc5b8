using Portunus.Bedrock;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// What one WAF has denied at a TURN server at a time: the table of denials is shared, and a WAF may be a third party's. For many
/// threads.
/// </summary>
/// <param name="most">Ids at a time.</param>
sealed class DenialShare(int most)
{
    readonly Lock _gate = new();
    readonly Deadlines<string> _ends = new();

    /// <summary>False when it has as many as it may have.</summary>
    public bool TryTake(Instant now, string id, Instant until)
    {
        lock (_gate)
        {
            while (_ends.TryPop(now, out _)) { }
            if (!_ends.TryGet(id, out var known))
            {
                if (_ends.Count >= most) return false;
            }
            else if (known >= until)
            {
                return true;
            }

            _ends.Set(id, until);
            return true;
        }
    }
}
