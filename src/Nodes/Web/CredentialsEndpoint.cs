using System.Text;
using Microsoft.AspNetCore.Http;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Core;
using Portunus.Sip;

namespace Portunus.Nodes.Web;

/// <summary>
/// <c>POST /turn/credentials</c>: a TURN credential by HTTP for who shows a bearer token, in the shape of an RTCPeerConnection's
/// configuration. What the caller says of its name is ignored.
/// </summary>
/// <param name="settings">Of the listener.</param>
/// <param name="edge">Provides, by the rules that hold on W2.</param>
public sealed class CredentialsEndpoint(CredentialsSettings settings, EdgeNode edge)
{
    public const string Path = "/turn/credentials";

    // What a wish says that comes without words: a password, of any realm and transport.
    static readonly TurnCredentialRequest AnyPassword = new([TurnCredential.Password], null, []);

    public async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Origin";
        if (!AdmitsOrigin(request, response)) response.StatusCode = StatusCodes.Status403Forbidden;
        else if (HttpMethods.IsOptions(request.Method)) AnswerPreflight(response);
        else if (HttpMethods.IsPost(request.Method) || (settings.TakesGet && HttpMethods.IsGet(request.Method)))
            await ProvideAsync(context);
        else Refuse(response, StatusCodes.Status405MethodNotAllowed, "Allow", Methods);
    }

    string Methods => settings.TakesGet ? "GET, POST, OPTIONS" : "POST, OPTIONS";

    /// <summary>An Origin must be of the list, to the character; without one the caller is no page, whom CORS protects.</summary>
    bool AdmitsOrigin(HttpRequest request, HttpResponse response)
    {
        if (request.Headers.Origin is not [{ } origin]) return request.Headers.Origin.Count == 0;
        if (!settings.Origins.Contains(origin)) return false;
        response.Headers.AccessControlAllowOrigin = origin;
        return true;
    }

    void AnswerPreflight(HttpResponse response)
    {
        response.Headers.AccessControlAllowMethods = Methods;
        response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        response.Headers.AccessControlMaxAge = "600";
        response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task ProvideAsync(HttpContext context)
    {
        var response = context.Response;
        if (context.Request.Headers.Authorization is not [{ } shown])
        {
            Challenge(response, null);
            return;
        }

        if (!BearerCredentials.TryParse(Encoding.UTF8.GetBytes(shown), out var bearer))
        {
            Challenge(response, BearerChallenge.InvalidToken);
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(settings.Patience);
        var verdict = await settings.Tokens.VerifyAsync(bearer.Token, isRecheck: false, patience.Token);
        var answer = verdict switch
        {
            EdgeAnswer.Verified { Claims: var claims } => await edge.ProvideAsync(claims, AnyPassword),
            EdgeAnswer.NotVerified { Fault: not TokenFault.Unavailable } => new(StatusCodes.Status401Unauthorized, null),
            _ => new(StatusCodes.Status503ServiceUnavailable, null),
        };
        await AnswerAsync(context, answer);
    }

    async Task AnswerAsync(HttpContext context, WebAnswer answer)
    {
        var response = context.Response;
        switch (answer)
        {
            case { Status: 200, Credential: PasswordCredential credential }:
                var isOld = HttpMethods.IsGet(context.Request.Method);
                await response.WriteAsJsonAsync(isOld ? (object)Old(credential) : Shape(credential), context.RequestAborted);
                break;
            case { Status: StatusCodes.Status401Unauthorized }:
                Challenge(response, BearerChallenge.InvalidToken);
                break;
            case { Status: StatusCodes.Status503ServiceUnavailable }:
                Refuse(response, answer.Status, "Retry-After", "5");
                break;
            default:
                response.StatusCode = StatusCodes.Status403Forbidden;
                break;
        }
    }

    static object Shape(PasswordCredential credential) => new
    {
        iceServers = new[]
        {
            new { urls = Uris(credential), username = credential.Username, credential = credential.Credential },
        },
        ttl = credential.Ttl,
    };

    /// <summary>draft-uberti-behave-turn-rest §2.2.</summary>
    static object Old(PasswordCredential credential) => new
    {
        username = credential.Username,
        password = credential.Credential,
        ttl = credential.Ttl,
        uris = Uris(credential),
    };

    static string[] Uris(PasswordCredential credential) => [.. credential.Uris.Select(uri => uri.ToString())];

    /// <summary>RFC 6750 §3.</summary>
    void Challenge(HttpResponse response, string? error)
    {
        var reason = error is null ? "" : $", error=\"{error}\"";
        Refuse(response, StatusCodes.Status401Unauthorized, "WWW-Authenticate", $"Bearer realm=\"{settings.Realm}\"{reason}");
    }

    static void Refuse(HttpResponse response, int status, string name, string value)
    {
        response.StatusCode = status;
        response.Headers[name] = value;
    }
}
