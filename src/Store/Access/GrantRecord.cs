namespace Portunus.Store.Access;

/// <summary>
/// For whom TURN tokens were made: nonce -> access token -> identity. With it a complaint about a relay finds a person, and a
/// revocation finds the relay.
/// </summary>
/// <param name="Id">16 hex digits: the first 8 bytes of the AEAD nonce of its tokens.</param>
/// <param name="TokenId">The <c>jti</c> of the SIP access token with which it was asked for.</param>
/// <param name="Impi">Whose token that was.</param>
/// <param name="Impu">The default public identity in it.</param>
/// <param name="Client">Who was given it.</param>
/// <param name="Server">The TURN server that can open its tokens, in lower case.</param>
/// <param name="Ends">Unix seconds at which the last of its tokens ends.</param>
public sealed record GrantRecord(string Id, string TokenId, string Impi, string Impu, string Client, string Server, long Ends);
