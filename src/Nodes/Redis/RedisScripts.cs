namespace Portunus.Nodes.Redis;

/// <summary>
/// The rules of a TURN server's table of pushed credentials, as far as Redis can keep them. Each script runs as one step: coturn and
/// other edges see all of it or nothing. Redis 5 or later.
/// </summary>
/// <remarks>
/// KEYS begin with state and names. Numbers are compared as numbers and stored as the text that came: Lua would print a long one
/// with an exponent. A statement is remembered for an hour at least, longer than a connection keeps what was lost on its way.
/// </remarks>
static class RedisScripts
{
    /// <summary>
    /// In: an epoch to take if one is due. Out: the epoch, the highest number heard. A Redis that began anew has another run_id,
    /// whatever it read back from its disk; one that was emptied has no state.
    /// </summary>
    public const string Epoch = """
        local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
        if redis.call('HGET', KEYS[1], 'run') ~= run then
          redis.call('HSET', KEYS[1], 'run', run, 'epoch', ARGV[1])
        end
        redis.call('EXPIRE', KEYS[1], 604800)
        redis.call('EXPIRE', KEYS[2], 604800)
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. redis.call('TIME')[1])
        return {redis.call('HGET', KEYS[1], 'epoch'), redis.call('HGET', KEYS[1], 'highest') or '0'}
        """;

    /// <summary>
    /// A whole set begins. In: epoch, number. Out: 'done' and the usernames that are known; 'epoch'; or 'older' and the number of a
    /// newer set. From now on nothing is heard at or below the number but what belongs to the set.
    /// </summary>
    public const string Begin = """
        if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
        local floor = redis.call('HGET', KEYS[1], 'floor') or '0'
        if tonumber(floor) > tonumber(ARGV[2]) then return {'older', floor} end
        redis.call('HSET', KEYS[1], 'floor', ARGV[2])
        if tonumber(ARGV[2]) > tonumber(redis.call('HGET', KEYS[1], 'highest') or '0') then
          redis.call('HSET', KEYS[1], 'highest', ARGV[2])
        end
        local names = redis.call('ZRANGE', KEYS[2], 0, -1)
        table.insert(names, 1, 'done')
        return names
        """;

    /// <summary>
    /// Makes credentials known. In: edge, epoch, the number of the set that they belong to or nothing, and of each the username, key,
    /// expiry and number; KEYS has two of each. Out: 'epoch'; 'older' and a number; or of each 'done', 'refused', or the number of
    /// what stands against it.
    /// </summary>
    public const string Put = """
        local edge, epoch, set = ARGV[1], ARGV[2], ARGV[3]
        if redis.call('HGET', KEYS[1], 'epoch') ~= epoch then return {'epoch'} end
        local floor = redis.call('HGET', KEYS[1], 'floor') or '0'
        if set ~= '' and floor ~= set then return {'older', floor} end
        local now = tonumber(redis.call('TIME')[1])
        local answers = {}
        for i = 1, (#ARGV - 3) / 4 do
          local key, said = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
          local username, md5, expires, number = unpack(ARGV, 4 * i, 4 * i + 3)
          local known, owner = string.match(redis.call('GET', said) or '', '^(%d+) (.+)$')
          if tonumber(expires) <= now or (known and owner ~= edge)
              or (not known and redis.call('EXISTS', key) == 1) then
            answers[i] = 'refused'
          elseif known and tonumber(known) > tonumber(number) then
            answers[i] = known
          elseif known ~= number and set == '' and tonumber(number) <= tonumber(floor) then
            answers[i] = floor
          else
            redis.call('SET', key, md5)
            redis.call('EXPIREAT', key, expires)
            redis.call('SET', said, number .. ' ' .. edge)
            redis.call('EXPIREAT', said, math.max(tonumber(expires), now + 3600))
            redis.call('ZADD', KEYS[2], expires, username)
            if tonumber(number) > tonumber(redis.call('HGET', KEYS[1], 'highest') or '0') then
              redis.call('HSET', KEYS[1], 'highest', number)
            end
            answers[i] = 'done'
          end
        end
        return answers
        """;

    /// <summary>
    /// Withdraws usernames, known or not, unless they are another's. In: edge, number, the usernames; KEYS has two of each. Out: of
    /// each 'done', or the number of what stands against it. The key goes first, and what has no room to be remembered is forgotten.
    /// </summary>
    public const string Delete = """
        local edge, number = ARGV[1], ARGV[2]
        local now = tonumber(redis.call('TIME')[1])
        local answers = {}
        for i = 1, #ARGV - 2 do
          local key, said = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
          local known, owner = string.match(redis.call('GET', said) or '', '^(%d+) (.+)$')
          answers[i] = 'done'
          if known and owner == edge and tonumber(known) > tonumber(number) then
            answers[i] = known
          elseif (known and owner == edge) or (not known and redis.call('EXISTS', key) == 0) then
            redis.call('DEL', key)
            redis.call('ZREM', KEYS[2], ARGV[2 + i])
            redis.pcall('SET', said, number .. ' ' .. edge)
            redis.call('EXPIREAT', said, now + 3600)
            if tonumber(number) > tonumber(redis.call('HGET', KEYS[1], 'highest') or '0') then
              redis.pcall('HSET', KEYS[1], 'highest', number)
            end
          end
        end
        return answers
        """;
}
