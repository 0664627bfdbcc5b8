namespace Portunus.Nodes.Wic;

/// <summary>A token that somebody else fetched.</summary>
sealed class GivenToken(string token) : ITokenSource
{
    public bool CanRenew => false;

    public Task<AccessGrant> FetchAsync(CancellationToken stop) => Task.FromResult(new AccessGrant(token, TimeSpan.MaxValue));

    public Task EndAsync(AccessGrant last, CancellationToken stop) => Task.CompletedTask;
}
