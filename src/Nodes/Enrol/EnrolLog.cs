using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Enrol;

/// <summary>What is told of enrolment; event ids 420 to 429. A code never stands here.</summary>
static partial class EnrolLog
{
    [LoggerMessage(420, LogLevel.Information, "{Name} was certified, and its code is used up")]
    public static partial void Certified(ILogger log, string name);

    [LoggerMessage(421, LogLevel.Warning, "{Address} showed a code that is wrong, used, ended or for another name")]
    public static partial void Refused(ILogger log, System.Net.IPAddress? address);
}
