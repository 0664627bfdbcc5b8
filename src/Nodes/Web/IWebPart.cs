using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Web;

/// <summary>Something with paths of its own on the ports of a <see cref="WebNode"/>.</summary>
public interface IWebPart
{
    /// <summary>Whether a path is one of its.</summary>
    bool Has(PathString path);

    /// <summary>Answers a request for one of its paths.</summary>
    Task ServeAsync(HttpContext context);
}
