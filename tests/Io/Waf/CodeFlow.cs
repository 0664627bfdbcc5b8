using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.IdentityModel.Tokens;

namespace Portunus.Tests.Io.Waf;

/// <summary>What a browser and a client do in the code flow, step by step.</summary>
static partial class CodeFlow
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public static readonly string Challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>An authorization request of the page; a null value takes a parameter away.</summary>
    public static string Request(params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> parameters = new()
        {
            ["client_id"] = "page", ["response_type"] = "code", ["redirect_uri"] = "https://wwsf.example.test/back",
            ["scope"] = "ims.register turn", ["state"] = "xyz",
            ["code_challenge"] = Challenge, ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes) parameters[name] = value;
        var given = parameters.Where(pair => pair.Value is not null);
        return "/oauth/authorize?" + string.Join('&', given.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}"));
    }

    /// <summary>The request's answer, then the form with name and password.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(
        this HttpClient browser, string request, string user = "alice", string password = WafStand.Password)
    {
        var page = await browser.GetAsync(request);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await browser.SubmitAsync(await page.Content.ReadAsStringAsync(), ("user", user), ("password", password));
    }

    /// <summary>Sends the form of a page, with the hidden fields that it has.</summary>
    public static Task<HttpResponseMessage> SubmitAsync(
        this HttpClient browser, string html, params (string Name, string Value)[] fields)
    {
        var form = Hidden(html);
        foreach (var (name, value) in fields) form[name] = value;
        return browser.PostAsync(WebUtility.HtmlDecode(Action().Match(html).Groups[1].Value), new FormUrlEncodedContent(form));
    }

    public static Dictionary<string, string> Hidden(string html) => HiddenField().Matches(html).ToDictionary(
        match => WebUtility.HtmlDecode(match.Groups[1].Value), match => WebUtility.HtmlDecode(match.Groups[2].Value));

    /// <summary>Signs in and takes the code to the token endpoint.</summary>
    public static async Task<JsonElement> TokensAsync(this HttpClient browser, params (string Name, string? Value)[] changes)
    {
        var code = await browser.CodeAsync(changes);
        return await browser.RedeemAsync(code);
    }

    public static async Task<string> CodeAsync(this HttpClient browser, params (string Name, string? Value)[] changes)
    {
        var signedIn = await browser.SignInAsync(Request(changes));
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        return Code(await browser.GetAsync(signedIn.Headers.Location));
    }

    public static string Code(HttpResponseMessage redirect)
    {
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        var location = redirect.Headers.Location!;
        Assert.StartsWith("https://wwsf.example.test/back?", location.ToString(), StringComparison.Ordinal);
        return HttpUtility.ParseQueryString(location.Query)["code"] ?? throw new InvalidOperationException(location.Query);
    }

    public static async Task<JsonElement> RedeemAsync(this HttpClient client, string code) => await client.TokenAsync(
        null, ("grant_type", "authorization_code"), ("client_id", "page"), ("code", code), ("code_verifier", Verifier),
        ("redirect_uri", "https://wwsf.example.test/back"));

    /// <summary>Asks the token endpoint; an error is in what it returns.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="confidential">Who authenticates with the secret; null for nobody.</param>
    /// <param name="fields">The form.</param>
    public static Task<JsonElement> TokenAsync(
        this HttpClient client, string? confidential, params (string Name, string Value)[] fields) =>
        client.PostFormAsync("/oauth/token", confidential, fields);

    public static async Task<JsonElement> PostFormAsync(
        this HttpClient client, string path, string? confidential, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (confidential is not null)
        {
            var pair = Uri.EscapeDataString(confidential) + ":" + Uri.EscapeDataString(WafStand.Secret);
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return JsonDocument.Parse(body.Length == 0 ? "{}" : body).RootElement;
    }

    public static string Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.ToString() : throw new InvalidOperationException($"no {name} in {json}");

    /// <summary>The parts of a JWT.</summary>
    public static (JsonElement Header, JsonElement Claims) Read(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        return (Json(parts[0]), Json(parts[1]));

        static JsonElement Json(string part) => JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part)).RootElement;
    }

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex HiddenField();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\">")]
    private static partial Regex Action();
}
