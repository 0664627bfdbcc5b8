using System.Net;
using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Web;

/// <summary>What the web listeners tell their operator; event ids 300 to 399.</summary>
static partial class WebLog
{
    [LoggerMessage(300, LogLevel.Information, "The certificate {file} was read again; it is good until {notAfter:u}")]
    public static partial void CertificateTaken(ILogger log, string file, DateTime notAfter);

    [LoggerMessage(301, LogLevel.Error, "The certificate {file} has changed and cannot be used, so the old one stays: {reason}")]
    public static partial void CertificateRefused(ILogger log, string file, string reason);

    [LoggerMessage(310, LogLevel.Warning, "{client} is no trusted proxy and was refused in plain; said once a minute")]
    public static partial void PlainRefused(ILogger log, IPAddress client);
}
