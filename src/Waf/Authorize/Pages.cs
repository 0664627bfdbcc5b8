using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;

namespace Portunus.Waf.Authorize;

/// <summary>The pages that a person sees: plain HTML that needs no script, for keyboards and screen readers alike.</summary>
static class Pages
{
    public const string StylePath = "/waf.css";

    public const string Style =
        """
        :root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; }
        main { max-width: 24rem; margin: 10vh auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; line-height: 1.2; }
        label, input, button { display: block; box-sizing: border-box; width: 100%; font: inherit; }
        input { padding: .5rem; margin-bottom: 1rem; }
        button { padding: .6rem; margin-top: .5rem; cursor: pointer; }
        [role=alert] { border-left: .3rem solid #c00; padding-left: .7rem; }
        """;

    /// <summary>The field in which a form says what it is.</summary>
    public const string Step = "step", Login = "login", Consent = "consent", Answer = "answer", Yes = "yes";

    public static Task SignInAsync(
        HttpContext context, OpenIddictRequest request, WafClient client, string? user, string? wrong) =>
        WriteAsync(context, request, Login, $"Sign in for {client.Name}", html =>
        {
            html.Append("<p>").Append(Encode(client.Name)).Append(" asks for:</p>");
            Scopes(html, request);
            if (wrong is not null) html.Append("<p role=\"alert\" id=\"wrong\">").Append(Encode(wrong)).Append("</p>");
            // The field that has to be filled is where the keys go.
            var (first, second) = user is null ? (" autofocus", "") : ("", " autofocus");
            var about = wrong is null ? "" : " aria-describedby=\"wrong\"";
            html.Append("<label for=\"user\">Name</label><input id=\"user\" name=\"user\" autocomplete=\"username\" ")
                .Append("autocapitalize=\"none\" spellcheck=\"false\" required maxlength=\"200\" value=\"")
                .Append(Encode(user ?? "")).Append('"').Append(about).Append(first).Append('>')
                .Append("<label for=\"password\">Password</label><input id=\"password\" name=\"password\" type=\"password\" ")
                .Append("autocomplete=\"current-password\" required maxlength=\"200\"").Append(about).Append(second).Append('>')
                .Append("<button type=\"submit\">Sign in</button>");
        });

    public static Task ConsentAsync(HttpContext context, OpenIddictRequest request, WafClient client, string user) =>
        WriteAsync(context, request, Consent, $"Let {client.Name} act for you?", html =>
        {
            html.Append("<p>You are signed in as ").Append(Encode(user)).Append(". ")
                .Append(Encode(client.Name)).Append(" asks for:</p>");
            Scopes(html, request);
            html.Append("<button type=\"submit\" name=\"answer\" value=\"yes\" autofocus>Allow</button>")
                .Append("<button type=\"submit\" name=\"answer\" value=\"no\">Refuse</button>");
        });

    static void Scopes(StringBuilder html, OpenIddictRequest request)
    {
        html.Append("<ul>");
        foreach (var scope in request.GetScopes())
        {
            html.Append("<li>").Append(Encode(Waf.Scopes.Sentence(scope)))
                .Append(" <code>").Append(Encode(scope)).Append("</code></li>");
        }

        html.Append("</ul>");
    }

    static async Task WriteAsync(
        HttpContext context, OpenIddictRequest request, string step, string title, Action<StringBuilder> content)
    {
        var forgery = context.RequestServices.GetService(typeof(IAntiforgery)) as IAntiforgery;
        var token = forgery!.GetAndStoreTokens(context);
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(Encode(title)).Append("</title><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<link rel=\"stylesheet\" href=\"").Append(StylePath).Append("\"></head><body><main><h1>")
            .Append(Encode(title)).Append("</h1><form method=\"post\" action=\"")
            .Append(context.Request.Path.ToUriComponent()).Append("\">");
        Hidden(html, token.FormFieldName, token.RequestToken!);
        Hidden(html, Step, step);
        // The request as OpenIddict read and checked it; it is checked again when the form comes back.
        foreach (var (name, value) in request.GetParameters())
            if (!IsOurs(name, token.FormFieldName) && (string?)value is { } text) Hidden(html, name, text);
        content(html);
        html.Append("</form></main></body></html>");
        SecurityHeaders.AllowForm(context, request.RedirectUri);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html.ToString(), context.RequestAborted);
    }

    /// <summary>Whether a parameter is a field of our forms and none of the authorization request.</summary>
    public static bool IsOurs(string name, string tokenField) =>
        name is Step or Answer or "user" or "password" || name == tokenField;

    static void Hidden(StringBuilder html, string name, string value) =>
        html.Append("<input type=\"hidden\" name=\"").Append(Encode(name))
            .Append("\" value=\"").Append(Encode(value)).Append("\">");

    static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
