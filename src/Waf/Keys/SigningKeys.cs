using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Validation;
using Portunus.Store.Access;

namespace Portunus.Waf.Keys;

/// <summary>
/// The keys of the authorization server: ES256 for access tokens, which the JWKS shows, and a secret one under which only itself
/// reads its codes and refresh tokens. When one rotates, OpenIddict's options are made anew.
/// </summary>
sealed class SigningKeys : IConfigureOptions<OpenIddictServerOptions>,
    IOptionsChangeTokenSource<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictValidationOptions>
{
    readonly TimeProvider _time;
    readonly RotatingKeys _signing;
    readonly RotatingKeys _sealing;
    readonly Lock _gate = new();
    CancellationTokenSource _changed = new();
    State? _used;

    public SigningKeys(WafSettings settings, AccessStore store, TimeProvider time)
    {
        _time = time;
        // A key is shown a day before it signs: whoever keeps a JWKS keeps it for hours. What it signed last is a refresh token,
        // which has a signature too.
        RotationTimes signing = new(TimeSpan.FromDays(30), TimeSpan.FromDays(1), Longer(settings.RefreshTokenLifetime));
        _signing = new(store, time, "access tokens", signing, MakeSigningKey);
        // Nobody else opens what it seals, so nobody has to see it ahead but the other nodes.
        RotationTimes sealing = signing with { Ahead = TimeSpan.FromHours(1) };
        _sealing = new(store, time, "refresh tokens", sealing, () => (NewId(), RandomNumberGenerator.GetBytes(32)));
    }

    sealed record State(ImmutableArray<KeyRecord> Signing, string Signs, ImmutableArray<KeyRecord> Sealing, string Seals)
    {
        public bool IsAs(State? other) => other is not null && Signs == other.Signs && Seals == other.Seals
            && Ids(Signing).SequenceEqual(Ids(other.Signing)) && Ids(Sealing).SequenceEqual(Ids(other.Sealing));

        static IEnumerable<string> Ids(ImmutableArray<KeyRecord> keys) => keys.Select(key => key.Id);
    }

    string? IOptionsChangeTokenSource<OpenIddictServerOptions>.Name => Options.DefaultName;

    string? IOptionsChangeTokenSource<OpenIddictValidationOptions>.Name => Options.DefaultName;

    /// <summary>Rotates what is due; before a request is looked at.</summary>
    public async ValueTask RefreshAsync(CancellationToken stop)
    {
        var (signing, sealing) = (await _signing.GetAsync(stop), await _sealing.GetAsync(stop));
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        State state = new(signing, RotatingKeys.InUse(signing, now).Id, sealing, RotatingKeys.InUse(sealing, now).Id);
        CancellationTokenSource old;
        lock (_gate)
        {
            if (state.IsAs(_used)) return;
            _used = state;
            (old, _changed) = (_changed, new());
        }

        await old.CancelAsync();
        old.Dispose();
    }

    public void Configure(OpenIddictServerOptions options)
    {
        var state = _used ?? throw new InvalidOperationException("The keys are read before OpenIddict is asked.");
        // OpenIddict signs and seals with the first one.
        foreach (var key in state.Signing.OrderByDescending(key => key.Id == state.Signs).ThenByDescending(key => key.Generation))
            options.SigningCredentials.Add(new(ReadSigningKey(key), SecurityAlgorithms.EcdsaSha256));
        foreach (var key in state.Sealing.OrderByDescending(key => key.Id == state.Seals).ThenByDescending(key => key.Generation))
        {
            options.EncryptionCredentials.Add(new(
                new SymmetricSecurityKey(key.Value) { KeyId = key.Id },
                SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        }
    }

    IChangeToken IOptionsChangeTokenSource<OpenIddictServerOptions>.GetChangeToken() => ChangeToken();

    IChangeToken IOptionsChangeTokenSource<OpenIddictValidationOptions>.GetChangeToken() => ChangeToken();

    CancellationChangeToken ChangeToken()
    {
        lock (_gate) return new(_changed.Token);
    }

    /// <summary>A little beyond an end that is a matter of seconds, and not below that of access tokens.</summary>
    static TimeSpan Longer(TimeSpan refreshTokens) =>
        TimeSpan.FromHours(2) > refreshTokens ? TimeSpan.FromHours(2) : refreshTokens + TimeSpan.FromMinutes(1);

    static string NewId() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(12));

    static (string Id, byte[] Value) MakeSigningKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (NewId(), key.ExportPkcs8PrivateKey());
    }

    static ECDsaSecurityKey ReadSigningKey(KeyRecord record)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(record.Value, out _);
        return new(key) { KeyId = record.Id };
    }
}
