namespace Portunus.Nodes.Wic;

/// <summary>
/// A machine signs in: it exchanges the token of a user for one of its own (RFC 8693), or without one speaks for itself alone
/// (RFC 6749 §4.4), which a WAF takes for nobody in the IMS.
/// </summary>
/// <param name="waf">Whom it asks.</param>
/// <param name="client">Its id.</param>
/// <param name="secret">Its secret.</param>
/// <param name="subject">The user's token; null for none.</param>
/// <param name="scope">What for.</param>
sealed class ClientSignIn(WafAccess waf, string client, string secret, string? subject, string scope) : ITokenSource
{
    public bool CanRenew => true;

    public async Task<AccessGrant> FetchAsync(CancellationToken stop)
    {
        (string, string)[] form = subject is null
            ? [("grant_type", "client_credentials"), ("scope", scope)]
            :
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", subject),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("scope", scope),
            ];
        return (await waf.TokenAsync(client, secret, form, stop)).Grant;
    }

    public Task EndAsync(AccessGrant last, CancellationToken stop) => Task.CompletedTask;
}
