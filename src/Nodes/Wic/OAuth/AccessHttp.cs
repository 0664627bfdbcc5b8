using System.Net;
using System.Text;

namespace Portunus.Nodes.Wic;

/// <summary>
/// HTTPS to a WAF or to a site: bounded, with cookies, and no redirect that was not looked at. Notices how far the other side's
/// clock is from ours.
/// </summary>
/// <param name="trust">Whose certificates are believed.</param>
/// <param name="flag">That named the server, for the sentences.</param>
/// <param name="who">What the server is: "the WAF".</param>
sealed class AccessHttp(W2Trust trust, string flag, string who) : IDisposable
{
    // Discovery has 2 kB, a login page 4 kB.
    const int MostBytes = 256 * 1024;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly CookieContainer _cookies = new();
    HttpClient? _open;

    /// <summary>
    /// How far the clock of the last answer's Date was ahead of ours, to a second (RFC 9110 §6.6.1); null before an answer.
    /// </summary>
    public TimeSpan? Ahead { get; private set; }

    public Task<AccessAnswer> GetAsync(Uri uri, CancellationToken stop) => SendAsync(new(HttpMethod.Get, uri), stop);

    public Task<AccessAnswer> PostAsync(Uri uri, IEnumerable<(string Name, string Value)> form, CancellationToken stop) =>
        SendAsync(Post(uri, form), stop);

    /// <summary>As a client with a secret (RFC 6749 §2.3.1).</summary>
    public Task<AccessAnswer> PostAsync(
        Uri uri, string client, string secret, IEnumerable<(string Name, string Value)> form, CancellationToken stop)
    {
        var request = Post(uri, form);
        var pair = $"{Uri.EscapeDataString(client)}:{Uri.EscapeDataString(secret)}";
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        return SendAsync(request, stop);
    }

    /// <summary>As the holder of a token (RFC 6750 §2.1).</summary>
    public Task<AccessAnswer> SendAsync(
        HttpMethod method, Uri uri, string token, IEnumerable<(string Name, string Value)> form, CancellationToken stop)
    {
        var request = Post(uri, form);
        (request.Method, request.Headers.Authorization) = (method, new("Bearer", token));
        return SendAsync(request, stop);
    }

    /// <summary>Closes the connections that are open and idle; the next request makes its own.</summary>
    public void Disconnect()
    {
        _open?.Dispose();
        _open = null;
    }

    public void Dispose() => Disconnect();

    HttpClient Open() => _open ??= new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = _cookies,
        SslOptions = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors),
        },
    })
    {
        Timeout = Patience, MaxResponseContentBufferSize = MostBytes,
    };

    static HttpRequestMessage Post(Uri uri, IEnumerable<(string Name, string Value)> form) => new(HttpMethod.Post, uri)
    {
        Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };

    /// <exception cref="RefusedException">There was no answer.</exception>
    async Task<AccessAnswer> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using (request)
            try
            {
                using var response = await Open().SendAsync(request, stop);
                if (response.Headers.Date is { } date)
                    // A date is cut to its second: in the middle the error is smallest.
                    Ahead = date + TimeSpan.FromSeconds(0.5) - DateTimeOffset.FromUnixTimeMilliseconds(WallMilliseconds);
                var body = await response.Content.ReadAsStringAsync(stop);
                var location = response.Headers.Location;
                if (location is { IsAbsoluteUri: false }) location = new(request.RequestUri!, location);
                return new(response.StatusCode, body, location);
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
            {
                throw new RefusedException(Unreached.Sentence(Origin(request), flag, who, e), e);
            }
            catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
            {
                throw new RefusedException($"{Origin(request)} did not answer within {Patience.TotalSeconds:0} s.", e);
            }
    }

    static long WallMilliseconds => SystemClock.Now.WallTicks / TimeSpan.TicksPerMillisecond;

    /// <summary>Without the path and query, which may hold a code.</summary>
    static Uri Origin(HttpRequestMessage request) => new(request.RequestUri!.GetLeftPart(UriPartial.Authority));
}
