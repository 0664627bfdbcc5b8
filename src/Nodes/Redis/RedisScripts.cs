namespace Portunus.Nodes.Redis;

/// <summary>
/// The rules of a TURN server's table of pushed credentials, as far as Redis can keep them. Each script runs as one step: coturn and
/// other edges see all of it or nothing. Redis 5 or later.
/// </summary>
/// <remarks>
/// KEYS begin with state and names. Numbers are compared as numbers, of one epoch alone, and stored as the text that came: Lua would
/// print a long one with an exponent. A statement is remembered for an hour at least, longer than a connection keeps what was lost on
/// its way.
/// </remarks>
static class RedisScripts
{
    /// <summary>Reads what was said last of a username: number, epoch, edge; nothing for nothing.</summary>
    const string Said = """
        local function said(key) return string.match(redis.call('GET', key) or '', '^(%d+) (%d+) (.+)$') end

        """;

    /// <summary>
    /// In: an epoch to take if one is due. Out: the epoch. A Redis that began anew has another run_id, whatever it read back from
    /// its disk; one that was emptied has no state.
    /// </summary>
    public const string Epoch = """
        local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
        if redis.call('HGET', KEYS[1], 'run') ~= run then
          redis.call('HSET', KEYS[1], 'run', run, 'epoch', ARGV[1], 'hears', ARGV[1])
        end
        redis.call('EXPIRE', KEYS[1], 604800)
        redis.call('EXPIRE', KEYS[2], 604800)
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. redis.call('TIME')[1])
        return {redis.call('HGET', KEYS[1], 'epoch')}
        """;

    /// <summary>
    /// A whole set begins. In: the epoch that it is meant for, the one that it opens. Out: 'done' and the usernames that are known; or
    /// 'epoch'. From now on nothing is heard but this set and withdrawals: a push would be acknowledged in an epoch that may end half
    /// told.
    /// </summary>
    public const string Begin = """
        if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
        redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'hears', '0')
        local names = redis.call('ZRANGE', KEYS[2], 0, -1)
        table.insert(names, 1, 'done')
        return names
        """;

    /// <summary>
    /// The set is whole. In: the epoch that it has opened, in which pushes are heard from now on. Out: 'done' or 'epoch'.
    /// </summary>
    public const string End = """
        if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
        redis.call('HSET', KEYS[1], 'hears', ARGV[1])
        return {'done'}
        """;

    /// <summary>
    /// Makes credentials known. In: edge, epoch, where that must stand ('hears' for a push, 'epoch' for a piece of a set), and of each
    /// the username, key, expiry and number; KEYS has two of each. Out: 'epoch'; or of each 'done', 'refused', or the number of what
    /// stands against it.
    /// </summary>
    public const string Put = Said + """
        local edge, epoch = ARGV[1], ARGV[2]
        if redis.call('HGET', KEYS[1], ARGV[3]) ~= epoch then return {'epoch'} end
        local now = tonumber(redis.call('TIME')[1])
        local answers = {}
        for i = 1, (#ARGV - 3) / 4 do
          local key, about = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
          local username, md5, expires, number = unpack(ARGV, 4 * i, 4 * i + 3)
          local known, of, owner = said(about)
          if tonumber(expires) <= now or (known and owner ~= edge)
              or (not known and redis.call('EXISTS', key) == 1) then
            answers[i] = 'refused'
          elseif of == epoch and tonumber(known) > tonumber(number) then
            answers[i] = known
          else
            redis.call('SET', key, md5)
            redis.call('EXPIREAT', key, expires)
            redis.call('SET', about, number .. ' ' .. epoch .. ' ' .. edge)
            redis.call('EXPIREAT', about, math.max(tonumber(expires), now + 3600))
            redis.call('ZADD', KEYS[2], expires, username)
            answers[i] = 'done'
          end
        end
        return answers
        """;

    /// <summary>
    /// Removes what epochs before left. In: edge, the epoch that its set has opened, usernames; KEYS has two of each. Out: 'done' or
    /// 'epoch'. Nothing remembers them: what is still under way for them names an epoch before.
    /// </summary>
    public const string Remove = Said + """
        if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[2] then return {'epoch'} end
        for i = 1, #ARGV - 2 do
          local key, about = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
          local _, of, owner = said(about)
          if owner == ARGV[1] and of ~= ARGV[2] then
            redis.call('DEL', key, about)
            redis.call('ZREM', KEYS[2], ARGV[2 + i])
          end
        end
        return {'done'}
        """;

    /// <summary>
    /// Withdraws a username in any epoch, known or not, unless it is another's. In: edge, number, username; KEYS has two of it. Out:
    /// 'done', or the number of what stands against it. The key goes first, and what has no room to be remembered is forgotten.
    /// </summary>
    public const string Delete = Said + """
        local edge, number, epoch = ARGV[1], ARGV[2], redis.call('HGET', KEYS[1], 'epoch') or '0'
        local known, of, owner = said(KEYS[4])
        if (known and owner ~= edge) or (not known and redis.call('EXISTS', KEYS[3]) == 1) then return {'done'} end
        if of == epoch and tonumber(known) > tonumber(number) then return {known} end
        redis.call('DEL', KEYS[3])
        redis.call('ZREM', KEYS[2], ARGV[3])
        redis.pcall('SET', KEYS[4], number .. ' ' .. epoch .. ' ' .. edge)
        redis.call('EXPIREAT', KEYS[4], redis.call('TIME')[1] + 3600)
        return {'done'}
        """;
}
