using System.Collections.Concurrent;
using Portunus.Epcscf;
using Portunus.Nodes.Outside;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>A WAF whose tokens are names in a table: what is tested is what the edge and the core make of a good one.</summary>
sealed class KnownTokens : ITokenVerifier
{
    readonly ConcurrentDictionary<string, TokenClaims> _claims = new();

    /// <summary>Makes a token that says this.</summary>
    public string Issue(TokenClaims claims)
    {
        _claims[claims.Id] = claims;
        return claims.Id;
    }

    public Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience) =>
        Task.FromResult<EdgeAnswer>(_claims.TryGetValue(token, out var claims)
            ? new EdgeAnswer.Verified(claims)
            : new EdgeAnswer.NotVerified(TokenFault.Invalid));
}
