using StackExchange.Redis;

namespace Portunus.Nodes.Redis;

/// <summary>The keys of one edge in one realm.</summary>
/// <param name="realm">Of the TURN server.</param>
/// <param name="edge">Its name there.</param>
sealed class RedisKeys(string realm, string edge)
{
    /// <summary>A hash: the epoch, the one in which pushes are heard (none while a set is on its way), and the run of Redis.</summary>
    public RedisKey State { get; } = $"portunus/realm/{realm}/edge/{edge}";

    /// <summary>A sorted set: the edge's usernames by their expiry in Unix seconds.</summary>
    public RedisKey Names { get; } = $"portunus/realm/{realm}/edge/{edge}/users";

    /// <summary>coturn's own: the MD5 key of a user, as hexadecimal digits.</summary>
    public RedisKey KeyOf(string username) => $"turn/realm/{realm}/user/{username}/key";

    /// <summary>The number of the last statement about a username, its epoch, and whose it was.</summary>
    public RedisKey SaidOf(string username) => $"portunus/realm/{realm}/user/{username}";
}
