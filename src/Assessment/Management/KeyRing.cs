using System.Collections.Immutable;
using Portunus.Assessment.Systems;
using Portunus.Credentials;

namespace Portunus.Assessment.Management;

/// <summary>What an operator draws and distributes by hand: by what it is for the newest key last, and the one before it.</summary>
sealed class KeyRing
{
    readonly Dictionary<string, ImmutableArray<(string Id, SharedSecret Secret)>> _secrets = [];
    readonly Dictionary<string, ImmutableArray<TokenKey>> _keys = [];
    readonly Dictionary<string, int> _certificates = [];
    int _drawn;

    /// <summary>A secret of Approach 1.</summary>
    public ImmutableArray<(string Id, SharedSecret Secret)> Secrets(string purpose)
    {
        if (!_secrets.ContainsKey(purpose)) RotateSecret(purpose);
        return _secrets[purpose];
    }

    /// <summary>A key of tokens.</summary>
    public ImmutableArray<TokenKey> Keys(string purpose)
    {
        if (!_keys.ContainsKey(purpose)) RotateKey(purpose);
        return _keys[purpose];
    }

    /// <summary>The name of a certificate: another one after each rotation.</summary>
    public string Certificate(string owner) => $"{owner} #{_certificates.GetValueOrDefault(owner)}";

    public void RotateSecret(string purpose) =>
        _secrets[purpose] =
        [
            .. _secrets.GetValueOrDefault(purpose, []), ($"secret {++_drawn}", new(SecretHash.Sha256, StudyKeys.Draw().Span)),
        ];

    public void RotateKey(string purpose) =>
        _keys[purpose] =
        [
            .. _keys.GetValueOrDefault(purpose, []), new($"key-{++_drawn}", TokenAlgorithm.A256Gcm, StudyKeys.Draw().Span),
        ];

    /// <summary>Takes away what a rotation left beside the new keys.</summary>
    public void Retire()
    {
        foreach (var purpose in _secrets.Keys) _secrets[purpose] = [_secrets[purpose][^1]];
        foreach (var purpose in _keys.Keys) _keys[purpose] = [_keys[purpose][^1]];
    }

    public void RotateCertificate(string owner) => _certificates[owner] = _certificates.GetValueOrDefault(owner) + 1;
}
