using Microsoft.Extensions.Logging;

namespace Portunus.Waf;

/// <summary>What WAF and WWSF tell their operator; event ids 500 to 579. Never a token, a code, a password or a cookie.</summary>
static partial class WafLog
{
    [LoggerMessage(500, LogLevel.Information, "WAF: a login has to wait {Seconds} s after wrong passwords")]
    public static partial void LoginThrottled(ILogger log, int seconds);

    [LoggerMessage(503, LogLevel.Warning, "WAF: as many passwords are checked as may be at a time; a login was turned away")]
    public static partial void LoginsBeyondBound(ILogger log);

    [LoggerMessage(501, LogLevel.Information, "WAF: TURN token of grant {Grant} for {Impi} at {Server}")]
    public static partial void TurnTokenMade(ILogger log, string grant, string impi, string server);

    [LoggerMessage(502, LogLevel.Information, "WAF: key {Kid} handed to {Server}")]
    public static partial void TurnKeyHandedOut(ILogger log, string kid, string server);

    [LoggerMessage(510, LogLevel.Error, "WAF: {Reason}")]
    public static partial void StoreFailed(ILogger log, string reason);

    [LoggerMessage(520, LogLevel.Information, "WWSF: pool {Pool} is exhausted; the next identity is free in {Seconds} s")]
    public static partial void PoolExhausted(ILogger log, string pool, long seconds);

    [LoggerMessage(521, LogLevel.Warning, "WWSF: the WAF gave no token: {Reason}")]
    public static partial void WafRefused(ILogger log, string reason);
}
