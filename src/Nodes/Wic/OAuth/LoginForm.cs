using System.Net;
using System.Text.RegularExpressions;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Fills in the login form of a Portunus WAF: for tests, and for who has only a terminal. The client sees the password then,
/// which RFC 8252 §8.12 warns of; it is the operator's own.
/// </summary>
/// <param name="http">Keeps the cookies: a second login needs no form.</param>
/// <param name="user">The name at the WAF.</param>
/// <param name="password">Its password.</param>
/// <param name="timeline">Is told each step.</param>
sealed partial class LoginForm(AccessHttp http, string user, string password, Timeline timeline) : ILoginPages
{
    // The form, and what it leads to: one page, one redirect to ourselves, one to the client.
    const int MostSteps = 4;

    public bool CanRepeat => true;

    public async Task<Uri> TurnAsync(Uri request, Uri redirect, CancellationToken stop)
    {
        var isSent = false;
        var answer = await timeline.StepAsync("authorize", () => http.GetAsync(request, stop), page => $"{page}");
        for (var i = 0; i < MostSteps; i++)
        {
            if (answer.Location is { } next)
            {
                if (IsSame(next, redirect)) return next;
                if (next.Authority != request.Authority || next.Scheme != request.Scheme)
                    throw new RefusedException(
                        $"The login leads to {next.GetLeftPart(UriPartial.Path)}, which is neither the WAF nor ours.");
                answer = await http.GetAsync(next, stop);
            }
            else if (answer.Status != HttpStatusCode.OK)
            {
                throw new RefusedException($"The login of {user} was refused: {Said(answer)}.");
            }
            else
            {
                if (isSent || !PasswordField().IsMatch(answer.Body))
                    throw new RefusedException($"The login of {user} was refused: {Said(answer)}.");
                isSent = true;
                var page = answer;
                answer = await timeline.StepAsync("login", () => SendAsync(page, request, stop), _ => user);
            }
        }

        throw new RefusedException("The login goes round in circles.");
    }

    Task<AccessAnswer> SendAsync(AccessAnswer page, Uri request, CancellationToken stop)
    {
        var form = HiddenField().Matches(page.Body)
            .Select(match => (WebUtility.HtmlDecode(match.Groups[1].Value), WebUtility.HtmlDecode(match.Groups[2].Value)));
        var action = Action().Match(page.Body);
        var target = action.Success ? new Uri(request, WebUtility.HtmlDecode(action.Groups[1].Value)) : request;
        return target.Authority == request.Authority
            ? http.PostAsync(target, [.. form, ("user", user), ("password", password)], stop)
            : throw new RefusedException("The login form goes to another host; the password stays here.");
    }

    static bool IsSame(Uri next, Uri redirect) =>
        next.GetLeftPart(UriPartial.Path) == redirect.GetLeftPart(UriPartial.Path);

    /// <summary>The page's own words where it has some.</summary>
    static string Said(AccessAnswer page)
    {
        var alert = Alert().Match(page.Body);
        return alert.Success ? AccessAnswer.Shown(WebUtility.HtmlDecode(alert.Groups[1].Value))
            : page.Status == HttpStatusCode.OK ? "its page asks for more than a password; sign in by a browser"
            : Lines().Match(page.Body) is { Success: true } line ? AccessAnswer.Shown(line.Groups[1].Value)
            : page.Reason;
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">", RegexOptions.None, 1000)]
    private static partial Regex HiddenField();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\">", RegexOptions.None, 1000)]
    private static partial Regex Action();

    [GeneratedRegex("<input [^>]*name=\"password\"", RegexOptions.None, 1000)]
    private static partial Regex PasswordField();

    [GeneratedRegex("role=\"alert\"[^>]*>([^<]*)<", RegexOptions.None, 1000)]
    private static partial Regex Alert();

    /// <summary>RFC 6749 §4.1.2.1 before the redirect URI is believed: OpenIddict writes lines of text.</summary>
    [GeneratedRegex("^error_description:(.*)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Lines();
}
