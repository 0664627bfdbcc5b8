using Portunus.Credentials;

namespace Portunus.Nodes.Waf;

/// <summary>A key of tokens, and which WAF gave it.</summary>
/// <param name="Key">A secret.</param>
/// <param name="Source">As the settings name it: <see cref="TurnKeySource.KeysUrl"/>.</param>
public sealed record WafKey(TokenKey Key, Uri Source);
